# Sourced by the launchers: finds a JDK 25, builds a module of a checkout, holds the JVM's flags.
# shellcheck shell=bash

# The same modules as tiercel.jvmFlags in pom.xml: a change here is a change there.
JVM_FLAGS=(
  --sun-misc-unsafe-memory-access=allow
  --enable-native-access=ALL-UNNAMED
  --add-exports=java.base/sun.nio.ch=ALL-UNNAMED
  --add-exports=java.base/jdk.internal.ref=ALL-UNNAMED
  --add-exports=java.base/jdk.internal.misc=ALL-UNNAMED
  --add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED
  --add-opens=java.base/java.lang=ALL-UNNAMED
  --add-opens=java.base/java.lang.reflect=ALL-UNNAMED
  --add-opens=java.base/java.nio=ALL-UNNAMED
  -Dchronicle.analytics.disable=true
  -Dchronicle.announcer.disable=true
)

# A node lives long: headers that leave more of the heap to L1, and short pauses. A JVM takes one collector only. To begin
# with a large heap costs a tenth of a second. Out of memory it ends, for whoever started it to start it again: recovery
# is made for that.
# The properties spare a start what SLF4J and Jetty would look for in every jar and among all beans of the JVM.
NODE_FLAGS=(-XX:+UseCompactObjectHeaders -XX:+ExitOnOutOfMemoryError -Dslf4j.provider=io.tiercel.cli.LogProvider
  -Dslf4j.internal.verbosity=WARN -Dorg.eclipse.jetty.util.referencesPerCacheLine=8)
[[ ${TIERCEL_JAVA_OPTS:-} == *-XX:+Use*GC* ]] || NODE_FLAGS+=(-XX:+UseZGC)
[[ ${TIERCEL_JAVA_OPTS:-} == *-Xms* ]] || NODE_FLAGS+=(-Xms32m)

# is_jdk25 HOME: whether HOME is a JDK (the index compiles at run time) of version 25 or later.
is_jdk25() {
  local home=$1 release
  [[ -n $home && -x $home/bin/java && -x $home/bin/javac ]] || return 1
  if [[ -r $home/release ]]; then
    release=$(<"$home/release")
    [[ $release =~ JAVA_VERSION=\"([0-9]+) ]] || return 1
    ((BASH_REMATCH[1] >= 25)) || return 1
    [[ $release != *MODULES=* || $release == *jdk.compiler* ]]
  else
    release=$("$home/bin/java" -version 2>&1) || return 1
    [[ $release =~ version\ \"([0-9]+) ]] && ((BASH_REMATCH[1] >= 25))
  fi
}

# resolved FILE: FILE with symbolic links followed; macOS had no readlink -f for long.
resolved() {
  local file=$1 link
  while [[ -L $file ]]; do
    link=$(readlink "$file")
    [[ $link == /* ]] && file=$link || file=$(dirname "$file")/$link
  done
  (cd -P "$(dirname "$file")" && printf '%s/%s\n' "$PWD" "$(basename "$file")")
}

# find_java25: sets JAVA to the java of a JDK 25, or says what to install and exits 2.
find_java25() {
  local home on_path
  on_path=$(type -P java || true)
  if [[ -n $on_path ]]; then
    on_path=$(resolved "$on_path")
    on_path=${on_path%/bin/java}
  fi
  for home in "${JAVA_HOME:-}" "$on_path" \
    /usr/lib/jvm/* /usr/java/* /opt/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if is_jdk25 "$home"; then
      JAVA=$home/bin/java
      return
    fi
  done
  if [[ -x /usr/libexec/java_home ]] && home=$(/usr/libexec/java_home -v 25+ 2>/dev/null) && is_jdk25 "$home"; then
    JAVA=$home/bin/java
    return
  fi
  echo "${0##*/}: no JDK 25 found: install one (a JDK, not a JRE; for example Temurin 25) or set JAVA_HOME to it" >&2
  exit 2
}

# is_stale ROOT STAMP MODULE...: whether a POM or a main source is newer than the last build.
is_stale() {
  local root=$1 stamp=$2
  shift 2
  [[ -f $stamp ]] || return 0
  # A directory is newer when a file was deleted from it.
  [[ -n $(cd "$root" && find pom.xml "$@" \( -name target -o -path '*/src/test' \) -prune \
    -o \( -name pom.xml -o -path '*/src/*' \) -newer "$stamp" -print 2>/dev/null | head -n 1) ]]
}

# build_checkout ROOT MODULE MODULES...: packages MODULE (which takes its sources from MODULES) where it is stale.
build_checkout() {
  local root=$1 module=$2 target=$1/$2/target/quick
  local stamp=$target/built log=$target/launcher-build.log
  shift 2
  is_stale "$root" "$stamp" "$@" || return 0
  command -v mvn >/dev/null || {
    echo "${0##*/}: a checkout is built with Maven: install Maven 3.8 or later" >&2
    exit 2
  }
  # One lock for all modules: they write the same target directories.
  local lock=$root/cache-server/target/quick/launcher.lock
  mkdir -p "$target" "${lock%/*}"
  if command -v flock >/dev/null; then
    exec 9>"$lock"
    flock 9
  else
    until mkdir "$lock.d" 2>/dev/null; do
      # A builder that was killed leaves its directory behind.
      kill -0 "$(cat "$lock.d/pid" 2>/dev/null || echo $$)" 2>/dev/null || rm -rf "$lock.d"
      sleep 1
    done
    echo $$ >"$lock.d/pid"
    trap 'rm -rf "$lock.d"' EXIT
  fi
  if is_stale "$root" "$stamp" "$@"; then
    echo "building $module (log: $log)" >&2
    touch "$target/launcher-build.start"
    # 9>&-: a process that the build leaves behind must not hold the lock.
    if ! (cd "$root" && mvn -q -B -Dquick -Dmaven.test.skip=true -Dassembly.skipAssembly=true \
      package -pl "$module" -am) </dev/null >"$log" 2>&1 9>&-; then
      cat "$log" >&2
      echo "${0##*/}: the build failed" >&2
      exit 1
    fi
    mv "$target/launcher-build.start" "$stamp"
  fi
  if command -v flock >/dev/null; then
    exec 9>&-
  else
    rm -rf "$lock.d"
    trap - EXIT
  fi
}
