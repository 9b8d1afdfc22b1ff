#!/usr/bin/env bash
# Runs a benchmark: scripts/bench.sh NAME [ARGUMENTS]. Each lives in bench/NAME and says in its README what it measures.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=lib/toolchain.sh
. scripts/lib/toolchain.sh

names() {
  local program
  for program in bench/*/run.sh bench/*/run.mjs; do
    [ -f "$program" ] && basename "$(dirname "$program")"
  done
}

name=${1:-}
# A name is a folder of bench/, never a path.
case $name in "" | */* | .*) program="" ;; *) program=$(find "bench/$name" -maxdepth 1 \( -name run.sh -o -name run.mjs \) 2>/dev/null | head -n 1) ;; esac
if [ -z "$program" ]; then
  die "${name:+there is no benchmark $name; }usage: scripts/bench.sh NAME [ARGUMENTS]" "There is: $(names | tr '\n' ' ')"
fi
shift

setup_wasm
setup_node
foreground scripts/build.sh package worker
case $program in
*.mjs) exec node "$program" "$@" ;;
*) exec "$program" "$@" ;;
esac
