#!/usr/bin/env bash
# Builds one of the two workers: worker.js, the module the runtime loads, and worker_bg.wasm beside it.
#
#   scripts/build-worker.sh public|plans [OUT_DIR] [cargo arguments, e.g. --features fault-injection]
#
# OUT_DIR is build/NAME unless it is given. Expects the tools that scripts/lib/toolchain.sh provides. wasm-bindgen, wasm-opt
# and esbuild do the work that worker-build would; docs/decisions/0002-worker-entry.md says why it is done here.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=lib/toolchain.sh
. scripts/lib/toolchain.sh
wasm_env

name=${1:-}
[ $# -gt 0 ] && shift
case $name in
public | plans) ;;
*) die "which worker?" "scripts/build-worker.sh public|plans [OUT_DIR] [cargo arguments]" ;;
esac
out=${1:-build/$name}
[ $# -gt 0 ] && shift
[ "$name" = public ] || set -- --features plans "$@"
target=${CARGO_TARGET_DIR:-target}
# Panics log their place in the source; paths of the building machine have no business there.
registry=${CARGO_HOME:-$HOME/.cargo}/registry/src
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="--remap-path-prefix=$PWD=. --remap-path-prefix=$registry=registry"

cargo build --quiet --profile wasm --target wasm32-unknown-unknown -p genie-handoff-worker "$@"

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
"$WASM_BINDGEN_BIN" --target web --no-typescript --omit-default-module-path --remove-producers-section \
  --out-dir "$stage" --out-name worker "$target/wasm32-unknown-unknown/wasm/genie_handoff_worker.wasm"

# Classes of the bindings that nobody uses: the glue refers to them from the outside, so that no bundler can drop them.
sed -i.all -e '/^if (Symbol\.dispose) /d' -e 's|: new FinalizationRegistry(|: /* @__PURE__ */ new FinalizationRegistry(|' "$stage/worker.js"

# The glue keeps its instance in module variables. As a function it can be instantiated again after a panic.
echo 'export { initSync, fetch, fetch_after_panic, on_panic } from "./worker.js";' > "$stage/exports.js"
[ "$name" = public ] || echo 'export { scheduled } from "./worker.js";' >> "$stage/exports.js"
node_modules/.bin/esbuild "$stage/exports.js" --bundle --format=iife --global-name=glue --log-level=warning \
  --outfile="$stage/iife.js"
{
  echo 'export function createGlue() {'
  cat "$stage/iife.js"
  echo 'return glue;'
  echo '}'
} > "$stage/glue.js"
cp worker/entry.js "$stage/entry.js"

# What the glue does not call goes from the module as well, with all that only it has used.
features="--enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext --enable-mutable-globals"
features="$features --enable-reference-types --enable-multivalue"
grep -oE 'wasm[0-9]*\.[A-Za-z0-9_]+' "$stage/iife.js" | sed 's/.*\.//' | sort -u | awk '
  { nodes = nodes ",\n{\"name\": \"" $0 "\", \"export\": \"" $0 "\"}"; names = names (NR > 1 ? ", " : "") "\"" $0 "\"" }
  END { print "[{\"name\": \"glue\", \"root\": true, \"reaches\": [" names "]}" nodes "]" }' > "$stage/reached.json"
# shellcheck disable=SC2086  # a list of options
node_modules/.bin/wasm-metadce $features "$stage/worker_bg.wasm" --graph-file "$stage/reached.json" -o "$stage/worker_reached.wasm" > /dev/null

# shellcheck disable=SC2086  # a list of options
node_modules/.bin/wasm-opt -O3 $features --strip-debug --strip-producers "$stage/worker_reached.wasm" -o "$stage/worker_opt.wasm"
if [ "$name" = public ]; then
  node pkg/scripts/arrange.mjs "$stage/worker_opt.wasm" "$stage/worker_named.wasm"
  # shellcheck disable=SC2086  # a list of options
  node_modules/.bin/wasm-opt $features --reorder-functions-by-name --strip-debug "$stage/worker_named.wasm" -o "$stage/worker_opt.wasm"
fi

mkdir -p "$out"
node_modules/.bin/esbuild "$stage/entry.js" --bundle --format=esm --minify --log-level=warning \
  "--define:PLANS=$([ "$name" = plans ] && echo true || echo false)" \
  --external:./worker_bg.wasm --outfile="$out/worker.js"
cp "$stage/worker_opt.wasm" "$out/worker_bg.wasm"
