# Sourced by ./mvnw, ./hooke and .ci/run: points JAVA_HOME at a JDK of the version below, wherever the machine keeps one.
# A JAVA_HOME that already is of that version wins; then the usual places; then what PATH and `java_home` name.

HOOKE_JDK=25

hooke_is_jdk() {
  [ -x "$1/bin/javac" ] && [ -f "$1/release" ] && grep -q "^JAVA_VERSION=\"$HOOKE_JDK[.\"]" "$1/release"
}

# Where the user keeps things, also where HOME does not say so or names a place that cannot be written.
hooke_home() {
  if [ -z "${HOME:-}" ] || [ ! -w "$HOME" ]; then
    listed=$(getent passwd "$(id -u)" 2>/dev/null | cut -d: -f6) || listed=
    HOME=${listed:-${HOME:-/nonexistent}}
    export HOME
  fi
}

hooke_find_jdk() {
  for home in "${JAVA_HOME:-}" "${JDK_HOME:-}" "${JAVA_HOME_25_X64:-}" "${JAVA_HOME_25_ARM64:-}" \
    /usr/lib/jvm/*25* /usr/lib/jvm/* /opt/java/* /opt/jdk* /opt/*jdk* /usr/java/* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.jbang/cache/jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    "/c/Program Files/Eclipse Adoptium"/jdk-* "/c/Program Files/Java"/jdk-*; do
    if [ -n "$home" ] && hooke_is_jdk "$home"; then
      JAVA_HOME=$home
      export JAVA_HOME
      return 0
    fi
  done
  javac=$(command -v javac 2>/dev/null || true)
  if [ -n "$javac" ]; then
    javac=$(readlink -f "$javac" 2>/dev/null || printf %s "$javac")
    home=$(dirname "$(dirname "$javac")")
    if hooke_is_jdk "$home"; then
      JAVA_HOME=$home
      export JAVA_HOME
      return 0
    fi
  fi
  echo "hooke: no JDK $HOOKE_JDK found; install one (Temurin, OpenJDK) or set JAVA_HOME to it" >&2
  return 2
}

hooke_home
hooke_find_jdk || exit 2
