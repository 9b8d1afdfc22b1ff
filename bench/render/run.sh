#!/usr/bin/env bash
# Microseconds to render a MERGE of 5, 100 and 2,000 columns: natively, in WebAssembly, with sqlglot (Python) and with
# a hand-written JavaScript template.
#
# Environment: WASM_TOOLCHAIN (a rustup toolchain with wasm32), WASM_BINDGEN_BIN (the CLI, 0.2.130), WASM_OPT_BIN.
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
out="$root/build/bench-render"
target="${CARGO_TARGET_DIR:-$root/target}"
mkdir -p "$out"

cargo build --quiet --manifest-path "$root/Cargo.toml" --release -p sql --example bench
(
  if [ -n "${WASM_TOOLCHAIN:-}" ]; then
    export RUSTUP_TOOLCHAIN=$WASM_TOOLCHAIN
  elif ! rustup target list --installed 2>/dev/null | grep -q wasm32-unknown-unknown; then
    # Debian's compiler brings its own standard library for wasm32 and needs its linker by name.
    if rustup toolchain list | grep -q debian-web; then
      export RUSTUP_TOOLCHAIN=debian-web CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-22
    fi
  fi
  cargo build --quiet --manifest-path "$root/Cargo.toml" --profile npm --target wasm32-unknown-unknown -p bench-render-wasm
)
bindgen=${WASM_BINDGEN_BIN:-$HOME/.cache/genie-handoff/tools/wasm-bindgen-0.2.130/bin/wasm-bindgen}
echo '{"type":"commonjs"}' >"$out/package.json"
"$bindgen" --target nodejs --no-typescript --out-dir "$out" "$target/wasm32-unknown-unknown/npm/bench_render_wasm.wasm"
opt=${WASM_OPT_BIN:-$root/node_modules/.bin/wasm-opt}
if [ -x "$opt" ]; then
  "$opt" -O1 --enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext --enable-mutable-globals \
    --enable-reference-types --enable-multivalue --strip-debug --strip-producers \
    "$out/bench_render_wasm_bg.wasm" -o "$out/small.wasm"
  mv "$out/small.wasm" "$out/bench_render_wasm_bg.wasm"
else
  echo "wasm-opt is missing: the module is larger than what ships" >&2
fi

venv="${XDG_CACHE_HOME:-$HOME/.cache}/genie-handoff/venv/render-$(sha256sum requirements.txt | cut -c1-16)"
if [ ! -f "$venv/.complete" ]; then
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r requirements.txt
  touch "$venv/.complete"
fi
node=$root/node_modules/.bin/node
[ -x "$node" ] || node=node
exec "$node" run.mjs "$out" "$target/release/examples/bench" "$venv/bin/python"
