#!/usr/bin/env bash
# Builds a crate of a benchmark as the modules of the npm package are built, for node. Source it from the folder of the
# benchmark; it brings the tools of scripts/lib.

# shellcheck source=../../scripts/lib/python.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/python.sh"
# shellcheck source=../../scripts/lib/toolchain.sh
. "$ROOT/scripts/lib/toolchain.sh"

# wasm_module CRATE OUT: leaves OUT/CRATE.js (with _ for -) and its module.
wasm_module() {
  local crate=$1 out=$2 name=${1//-/_} features
  mkdir -p "$out"
  # What wasm-bindgen writes for Node is CommonJS; the repository's own package is not.
  printf '{"type":"commonjs"}\n' >"$out/package.json"
  features="--enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext --enable-mutable-globals"
  features="$features --enable-reference-types --enable-multivalue"
  (
    wasm_env
    cargo build --quiet --manifest-path "$ROOT/Cargo.toml" --profile npm --target wasm32-unknown-unknown -p "$crate"
    "$WASM_BINDGEN_BIN" --target nodejs --no-typescript --out-dir "$out" \
      "${CARGO_TARGET_DIR:-$ROOT/target}/wasm32-unknown-unknown/npm/$name.wasm"
    # shellcheck disable=SC2086  # a list of options
    "$WASM_OPT_BIN" -O1 $features --strip-debug --strip-producers "$out/${name}_bg.wasm" -o "$out/small.wasm"
  )
  mv "$out/small.wasm" "$out/${name}_bg.wasm"
}
