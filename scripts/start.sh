#!/usr/bin/env bash
# Installs what is missing, builds what changed, starts everything and prints the address. Ctrl+C stops all of it.
#
#   ./scripts/start.sh
#
# Settings come from the environment and, before that, from .env.local: see README.md. Without DATABRICKS_HOST the
# local emulator of a workspace is started.
set -euo pipefail
GENIE_HANDOFF_STARTED=$(date +%s)
cd "$(dirname "$0")/.."
# With nohup, the signal of a closing terminal is ignored from the beginning, and stays so.
nohup=$(trap -p HUP)

# shellcheck source=lib/env.sh
. scripts/lib/env.sh ./.env.local
# shellcheck source=lib/toolchain.sh
. scripts/lib/toolchain.sh

refuse_windows
setup_node
# Wrong settings and taken ports are told now, not after minutes of building.
node scripts/lib/serve.mjs --check
setup_wasm
if [ -n "${DATABRICKS_HOST:-}" ]; then emulator=""; else emulator=emulator; fi
# shellcheck disable=SC2086  # a name or nothing
foreground scripts/build.sh page worker $emulator

if [ -n "$nohup" ]; then export GENIE_HANDOFF_NOHUP=1; fi
export GENIE_HANDOFF_STARTED
exec node scripts/lib/serve.mjs
