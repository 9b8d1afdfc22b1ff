#!/usr/bin/env bash
# Builds what changed.
#
#   scripts/build.sh [package] [page] [worker] [public] [emulator]
#
#   package   the npm package: WebAssembly and TypeScript, into pkg/dist
#   page      the page, into web/dist (and the package, which it is made of)
#   worker    the two workers, into build/public and build/plans
#   public    the public one alone
#   emulator  the stand-in for a Databricks workspace
#
# Without a name: all. A part whose inputs have the same contents as at its last build is skipped.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=lib/toolchain.sh
. scripts/lib/toolchain.sh

[ $# -gt 0 ] || set -- package page worker emulator
stamps=${CARGO_TARGET_DIR:-target}/stamps

# part NAME OUTPUT COMMAND INPUT...: runs COMMAND when an input changed or OUTPUT is not there.
part() {
  local name=$1 output=$2 command=$3 stamp hash
  shift 3
  stamp="$stamps/${name##* }"
  hash="$(hash_of "$@") ${WASM_TOOLCHAIN:-}"
  if [ -e "$output" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$hash" ]; then return 0; fi
  mkdir -p "$stamps"
  rm -f "$stamp"
  step "Building $name" "$command" || die "$name could not be built" "The output above has the cause."
  [ -e "$output" ] || die "$name was built, but $output is not there"
  printf '%s\n' "$hash" >"$stamp"
}

# crates_but NAME...: the folders of all other crates, one per line.
crates_but() {
  local crate
  for crate in crates/*; do
    case " $* " in *" ${crate#crates/} "*) ;; *) printf '%s\n' "$crate" ;; esac
  done
}

build_package() { (wasm_env && workspace_script pkg build); }
build_page() { workspace_script web build; }
build_public() { scripts/build-worker.sh public; }
build_plans() { scripts/build-worker.sh plans; }
build_emulator() { cargo build --quiet -p emulator; }

rust="Cargo.toml Cargo.lock scripts/lib/versions.sh"
worker="worker scripts/build-worker.sh pkg/scripts/arrange.mjs pkg/scripts/module.mjs package-lock.json"
package="$rust $(crates_but emulator edge | tr '\n' ' ') pkg package-lock.json"
# shellcheck disable=SC2046,SC2086  # lists of names
for name in "$@"; do
  case $name in
  package | page | worker | public) wasm_find || die "no Rust toolchain here builds for wasm32-unknown-unknown" "scripts/start.sh sets it up." ;;
  esac
  case $name in
  package) part "the package" pkg/dist/index.d.ts build_package $package ;;
  page)
    part "the package" pkg/dist/index.d.ts build_package $package
    part "the page" web/dist/index.html build_page $package web tsconfig.base.json
    ;;
  worker | public)
    part "the worker: public" build/public/worker.js build_public $rust crates/edge crates/databricks crates/handoff crates/mixing $worker
    [ "$name" = public ] || part "the worker: plans" build/plans/worker.js build_plans $rust $(crates_but emulator wasm) $worker
    ;;
  emulator) part "the emulator" "${CARGO_TARGET_DIR:-target}/debug/emulator" build_emulator $rust crates/emulator crates/databricks ;;
  *) die "there is no part $name" "Parts: package page worker public emulator" ;;
  esac
done
