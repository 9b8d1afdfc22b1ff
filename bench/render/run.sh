#!/usr/bin/env bash
# Microseconds to render a MERGE of 5, 100 and 2,000 columns: natively, in WebAssembly, with sqlglot (Python) and with
# a hand-written JavaScript template.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=../lib/module.sh
. ../lib/module.sh
out=$ROOT/build/bench-render
cargo build --quiet --manifest-path "$ROOT/Cargo.toml" --release -p sql --example bench
wasm_module bench-render-wasm "$out"
python_env render requirements.txt
exec node run.mjs "$out" "${CARGO_TARGET_DIR:-$ROOT/target}/release/examples/bench" "$VENV/bin/python"
