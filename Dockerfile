# Hooke for training on a CPU: a Java runtime cut to what Hooke uses, one jar, and a user without rights.
# docs/containers.md says how to build and run it.
FROM eclipse-temurin:25-jdk-noble AS build
WORKDIR /hooke
# The libraries are a layer of their own, which changes in the sources leave as it is.
COPY mvnw pom.xml ./
COPY .mvn .mvn
RUN ./mvnw -B -q -Dmaven.test.skip=true -Dmaven.main.skip=true -Dmaven.javadoc.skip=true package && rm -rf target
COPY experiments experiments
COPY src/main src/main
RUN ./mvnw -B -q -Dmaven.test.skip=true -Dmaven.javadoc.skip=true -Dmaven.source.skip=true package && \
    mv target/hooke-*.jar hooke.jar
RUN jlink --output runtime --strip-debug --no-header-files --no-man-pages --compress zip-6 --add-modules \
    java.base,java.desktop,java.logging,java.management,java.naming,java.net.http,java.sql,java.xml,jdk.crypto.ec,jdk.incubator.vector,jdk.management,jdk.unsupported,jdk.zipfs

FROM ubuntu:24.04
# Fonts are for the pictures of reports; any version of them does.
# hadolint ignore=DL3008
RUN apt-get update && \
    apt-get install -y --no-install-recommends fontconfig fonts-dejavu-core && \
    rm -rf /var/lib/apt/lists/* && \
    useradd --system --user-group --create-home --uid 10001 hooke && \
    install -d -o hooke -g hooke /work
COPY --from=build /hooke/runtime /opt/java
COPY --from=build /hooke/hooke.jar /opt/hooke/hooke.jar
COPY .ci/container /usr/local/bin/hooke
USER 10001
WORKDIR /work
ENTRYPOINT ["hooke"]
CMD ["--help"]
HEALTHCHECK NONE
