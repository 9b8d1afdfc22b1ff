#!/usr/bin/env bash
# Runs the soak test; its README says what it looks at.
set -euo pipefail
cd "$(dirname "$0")/../.."
scripts/build.sh emulator
node=node_modules/.bin/node
[ -x "$node" ] || node=node
exec "$node" bench/soak/run.mjs "$@"
