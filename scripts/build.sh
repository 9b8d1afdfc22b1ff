#!/usr/bin/env bash
# Builds what changed: the npm package (wasm and TypeScript) into pkg/dist, the page into web/dist, the worker into
# build/ and the emulator.
#
#   scripts/build.sh [--no-emulator]
#
# A part whose inputs have the same contents as at its last build is skipped.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=lib/toolchain.sh
. scripts/lib/toolchain.sh

stamps=${CARGO_TARGET_DIR:-target}/stamps

# part NAME OUTPUT COMMAND INPUT...: runs COMMAND when an input changed or OUTPUT is not there.
part() {
  local name=$1 output=$2 command=$3 hash
  shift 3
  hash="$(hash_of "$@") ${WASM_TOOLCHAIN:-}"
  if [ -e "$output" ] && [ "$(cat "$stamps/$name" 2>/dev/null)" = "$hash" ]; then return 0; fi
  mkdir -p "$stamps"
  rm -f "$stamps/$name"
  step "Building $name" "$command" || die "$name could not be built" "The output above has the cause."
  printf '%s\n' "$hash" >"$stamps/$name"
}

build_package() { (wasm_env && npm run --silent build -w pkg); }
build_page() { npm run --silent build -w web; }
build_worker() { scripts/build-worker.sh; }
build_emulator() { cargo build --quiet -p emulator; }

wasm_find || die "no Rust toolchain here builds for wasm32-unknown-unknown" "scripts/start.sh sets it up."

# crates_but NAME...: the folders of all other crates, one per line.
crates_but() {
  local crate
  for crate in crates/*; do
    case " $* " in *" ${crate#crates/} "*) ;; *) printf '%s\n' "$crate" ;; esac
  done
}

rust="Cargo.toml Cargo.lock scripts/lib/versions.sh"
# shellcheck disable=SC2046,SC2086  # lists of names
{
  package="$rust $(crates_but emulator edge) pkg package-lock.json"
  part "the npm package" pkg/dist/index.d.ts build_package $package
  part "the page" web/dist/index.html build_page $package web tsconfig.base.json
  part "the worker" build/worker.js build_worker $rust $(crates_but emulator wasm) worker scripts/build-worker.sh package-lock.json
  if [ "${1:-}" != --no-emulator ]; then
    part "the emulator" "${CARGO_TARGET_DIR:-target}/debug/emulator" build_emulator $rust crates/emulator crates/databricks
  fi
}
