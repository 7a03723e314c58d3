# Sourced by ./hooke where the build is missing or older than its sources. Needs $root, $built and current(); says on the error
# stream what it does, and keeps Maven's own words in $log.

build() {
  log=$root/target/hooke-build.log
  mkdir -p "$built" 2>/dev/null && [ -w "$built" ] || {
    echo "hooke: there is no build of these sources, and none can be made: $root/target cannot be written" >&2
    exit 1
  }
  one_at_a_time
  if ! current; then
    if [ -f "$built/stamp" ]; then
      why="the sources have changed"
    elif [ -d "${HOME:-/nowhere}/.m2/repository/org/bytedeco/pytorch" ]; then
      why="first use"
    else
      why="first use; fetches about 230 MB of libraries"
    fi
    # Edits made from now on are newer than this build.
    touch "$built/stamp.new"
    compile && assemble || build_failed
    mv -f "$built/stamp.new" "$built/stamp"
  fi
  let_others
}

# Two at once would compile into the same folder.
one_at_a_time() {
  if command -v flock >/dev/null; then
    exec 9>"$built/lock"
    flock -n 9 || {
      echo "hooke: waiting for another hooke that builds ..." >&2
      flock 9
    }
  else
    until mkdir "$built/locked" 2>/dev/null; do
      kill -0 "$(cat "$built/locked/by" 2>/dev/null)" 2>/dev/null || rm -rf "$built/locked"
      sleep 1
    done
    echo $$ >"$built/locked/by"
  fi
}

let_others() {
  exec 9>&-
  rm -rf "$built/locked"
}

compile() {
  started=$(date +%s)
  (cd "$root" && if [ "$module" = "$root" ]; then
    exec ./mvnw -B ${HOOKE_PROFILE:+"-P$HOOKE_PROFILE"} process-classes
  else
    ./mvnw -B process-classes && compile_module
  fi) >"$log" 2>&1 9>&- &
  maven=$!
  trap 'kill "$maven"; let_others; echo >&2; exit 130' INT TERM
  [ -t 2 ] || echo "hooke: building ($why) ..." >&2
  while kill -0 "$maven" 2>/dev/null; do
    [ ! -t 2 ] || printf '\r\033[Khooke: building (%s) %s s %s' "$why" "$(($(date +%s) - started))" "$(maven_does)" >&2
    sleep 0.3
  done
  [ ! -t 2 ] || printf '\r\033[K' >&2
  trap - INT TERM
  wait "$maven"
}

# It is built on a jar, as it is where Hooke is a library.
compile_module() {
  "$JAVA_HOME/bin/jar" --create --no-compress --file target/hooke-classes.jar -C target/classes . &&
    ./mvnw -B -f "$module" -Dhooke.jar="$root/target/hooke-classes.jar" process-classes
}

# What Maven is at: the file that it fetches, or the plugin that works.
maven_does() {
  tail -n 50 "$log" | sed -n 's|^Downloading from .*/\([^/]*\)$|fetching \1|p; s|.* --- \([a-z]*\):.*|\1|p' | tail -n 1
}

# A copy that stays as it is while a run uses it: a new one takes its name, and the old one lives on until its last user ends.
assemble() {
  assemble_libraries &&
    "$JAVA_HOME/bin/jar" --create --no-compress --file "$built/hooke.jar.new" -C "$root/target/classes" . &&
    mv -f "$built/libraries.new" "$built/libraries" &&
    mv -f "$built/hooke.jar.new" "$built/hooke.jar" &&
    libraries_present || return 1
  # The classes of a quick command, as memory that the next start maps. Without it, starting takes a little longer.
  "$JAVA_HOME/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:AOTCacheOutput="$built/classes.aot.new" \
    -Djdk.reflect.useNativeAccessorOnly=true -Xlog:aot=off -Xlog:cds=off \
    -cp "$built/hooke.jar:$libraries" -Dhooke.home="$root" \
    --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Djava.awt.headless=true \
    hooke.cli.Main explain quick-grok >>"$log" 2>&1 &&
    mv -f "$built/classes.aot.new" "$built/classes.aot" || rm -f "$built/classes.aot"
}

assemble_libraries() {
  if [ "$module" = "$root" ]; then
    cp "$root/target/hooke.classpath" "$built/libraries.new"
  else
    # Spark's libraries last: where both have one, it is Hooke's that its code was built with.
    ships=$built/hooke-spark.jar:$(cat "$root/target/hooke.classpath") &&
      cp "$module/target/hooke-spark-0.1.0.jar" "$built/hooke-spark.jar.new" &&
      mv -f "$built/hooke-spark.jar.new" "$built/hooke-spark.jar" &&
      echo "$built/hooke.jar:$ships" >"$built/ships" &&
      echo "$ships:$(cat "$module/target/spark.classpath")" >"$built/libraries.new"
  fi
}

build_failed() {
  grep -E '^\[(ERROR|WARNING)\] .*(\.java:|Failed to|Could not|Unknown)' "$log" | awk '!seen[$0]++' | head -n 20 >&2
  echo "hooke: the build failed; all that Maven said is in $log" >&2
  let_others
  exit 1
}
