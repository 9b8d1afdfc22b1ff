#!/usr/bin/env bash
# Builds the link part as WebAssembly and measures it beside its alternatives: bench/codec/run.sh [FOLDER...]
set -euo pipefail
folders=()
for folder in "$@"; do folders+=("$(realpath "$folder")"); done
cd "$(dirname "$0")"
# shellcheck source=../lib/module.sh
. ../lib/module.sh
out=$ROOT/build/bench-codec
wasm_module bench-codec-wasm "$out"
[ -d node_modules/fflate ] || npm install --no-audit --no-fund --silent
exec node run.mjs "$out" "${folders[@]}"
