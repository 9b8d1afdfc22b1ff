#!/usr/bin/env bash
# Builds the link part as WebAssembly and measures it beside its alternatives: bench/codec/run.sh [FOLDER...]
#
# Environment: WASM_TOOLCHAIN (a rustup toolchain with wasm32), WASM_BINDGEN (the CLI, 0.2.130), WASM_OPT (binaryen).
set -euo pipefail
folders=()
for folder in "$@"; do folders+=("$(realpath "$folder")"); done
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
out="$root/build/bench-codec"
mkdir -p "$out"
# What wasm-bindgen writes for Node is CommonJS; the repository's own package is not.
printf '{"type":"commonjs"}\n' > "$out/package.json"

if [ -n "${WASM_TOOLCHAIN:-}" ]; then export RUSTUP_TOOLCHAIN=$WASM_TOOLCHAIN; fi
if [ -z "${WASM_TOOLCHAIN:-}" ] && ! rustup target list --installed 2>/dev/null | grep -q wasm32-unknown-unknown; then
  # Debian's compiler brings its own standard library for wasm32 and needs its linker by name.
  if rustup toolchain list | grep -q debian-web; then
    export RUSTUP_TOOLCHAIN=debian-web CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-22
  fi
fi
cargo build --quiet --manifest-path "$root/Cargo.toml" --profile npm --target wasm32-unknown-unknown -p bench-codec-wasm
bindgen=${WASM_BINDGEN:-$HOME/.cache/genie-handoff/tools/wasm-bindgen-0.2.130/bin/wasm-bindgen}
command -v "$bindgen" >/dev/null || bindgen=wasm-bindgen
"$bindgen" --target nodejs --no-typescript --out-dir "$out" \
  "${CARGO_TARGET_DIR:-$root/target}/wasm32-unknown-unknown/npm/bench_codec_wasm.wasm"
opt=${WASM_OPT:-$root/node_modules/.bin/wasm-opt}
if [ -x "$opt" ]; then
  "$opt" -O1 --enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext --enable-mutable-globals \
    --enable-reference-types --enable-multivalue --strip-debug --strip-producers \
    "$out/bench_codec_wasm_bg.wasm" -o "$out/small.wasm"
  mv "$out/small.wasm" "$out/bench_codec_wasm_bg.wasm"
else
  echo "wasm-opt is missing: the module is larger than what ships" >&2
fi

[ -d node_modules/fflate ] || npm install --no-audit --no-fund --silent
exec node run.mjs "$out" "${folders[@]}"
