#!/usr/bin/env bash
# The classes of a node in one file that a JVM maps (class data sharing): half of a start is spent on loading them
# otherwise. Sourced by the launcher to use it; run to make it, by the build or after a distribution was unpacked or has
# got another JDK. Without one a start takes longer and is the same in all else.
# shellcheck shell=bash

# class_archive LIB: prints the name of the archive for JAVA, which takes one that it made itself and no other.
class_archive() {
  local lib=$1 home=${JAVA%/bin/java} version=unknown
  if [[ -r $home/release ]] && [[ $(<"$home/release") =~ (JAVA_RUNTIME_VERSION|JAVA_VERSION)=\"([^\"]+)\" ]]; then
    version=${BASH_REMATCH[2]}
  fi
  printf '%s/tiercel-%s.jsa\n' "$lib" "${version//[^A-Za-z0-9._+-]/-}"
}

# use_class_archive LIB: adds it to JVM_FLAGS, where there is one. The JVM looks at its checksum and at the jars', and goes
# on without it, silently, when either does not match.
use_class_archive() {
  local archive
  archive=$(class_archive "$1")
  if [[ -r $archive ]]; then
    JVM_FLAGS+=(-Xshare:auto "-XX:SharedArchiveFile=$archive" -XX:+IgnoreUnrecognizedVMOptions
      -XX:+VerifySharedSpaces)
  fi
  # What a JVM has to say belongs with the log, and why it takes no archive to nobody.
  JVM_FLAGS+=(-Xlog:disable "-Xlog:all=warning,cds*=off,aot*=off:stderr")
}

# make_class_archive LIB: has a node start, be killed and start again, with a put and gets, and keeps the classes that the
# second start loaded. Answers whether it could.
make_class_archive() {
  local lib=$1 archive
  archive=$(class_archive "$lib")
  work=$(mktemp -d) || return 1
  trap clean_up EXIT
  local run=(env -i "HOME=$work" "PATH=$PATH" LC_ALL=C.UTF-8 "$JAVA" "${JVM_FLAGS[@]}" "${NODE_FLAGS[@]}" -Xlog:disable)
  local main=(-cp "$lib/tiercel.jar" io.tiercel.cli.TiercelCommand)
  local port answer
  training_node "${run[@]}" "${main[@]}" || return 1
  echo trained >"$work/object"
  "${run[@]}" "${main[@]}" put trained "$work/object" --dir "$work/node" >/dev/null || return 1
  kill -KILL "$node"
  wait "$node" 2>/dev/null
  training_node "${run[@]}" "-XX:DumpLoadedClassList=$work/classes" "${main[@]}" || return 1
  answer=$("${run[@]}" "${main[@]}" get trained --dir "$work/node") && [[ $answer == trained ]] || return 1
  port=$(sed -n 's/.* http=.*:\([0-9]*\)$/\1/p' "$work/out")
  # Without the redirections of bash an HTTP request is loaded as it was before.
  (exec 3<>"/dev/tcp/127.0.0.1/$port" && printf 'GET /v1/objects/trained HTTP/1.0\r\n\r\n' >&3 && cat <&3) >/dev/null 2>&1
  kill -TERM "$node"
  wait "$node" || return 1
  "${run[@]}" -Xshare:dump "-XX:SharedClassListFile=$work/classes" "-XX:SharedArchiveFile=$work/archive" \
    -cp "$lib/tiercel.jar" >/dev/null 2>&1 || return 1
  # Under its name when it is whole.
  rm -f "$lib"/tiercel-*.jsa
  cp "$work/archive" "$archive.new" && mv -f "$archive.new" "$archive"
}

# What a node leaves that did not end as it should.
clean_up() {
  local aeron
  [[ -z ${node:-} ]] || kill -KILL "$node" 2>/dev/null || true
  aeron=$(sed -n 's/^ready .* aeron=\([^ ]*\/tiercel-[0-9a-f]*\) .*/\1/p' "$work/out" 2>/dev/null) || true
  [[ -z $aeron ]] || rm -rf "$aeron"
  rm -rf "$work"
}

# training_node COMMAND...: runs it as a node in work/node, sets node to its pid when it serves.
training_node() {
  : >"$work/out"
  "$@" serve --dir "$work/node" --udp 127.0.0.1:0 --http 127.0.0.1:0 </dev/null >"$work/out" 2>"$work/log" &
  node=$!
  local turns
  for ((turns = 0; turns < 600; turns++)); do
    grep -q '^ready ' "$work/out" && return
    kill -0 "$node" 2>/dev/null || return 1
    sleep 0.1
  done
  kill -KILL "$node"
  return 1
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  bin=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
  unset TIERCEL_JAVA_OPTS
  # shellcheck source=cache-server/bin/java25.sh
  source "$bin/java25.sh"
  find_java25
  make_class_archive "$(cd -P "${1:-$bin/../lib}" && pwd)" || {
    echo "${0##*/}: no archive was made: a node starts without" >&2
    exit 1
  }
fi
