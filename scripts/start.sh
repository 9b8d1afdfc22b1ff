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

# .env.local first; what is already set in the environment wins over it.
if [ -f .env.local ]; then
  before=$(export -p)
  set -a
  # shellcheck source=/dev/null
  . ./.env.local
  set +a
  eval "$before" 2>/dev/null || true
  unset before
fi

# shellcheck source=lib/toolchain.sh
. scripts/lib/toolchain.sh

refuse_windows
setup_node
# Wrong settings and taken ports are told now, not after minutes of building.
node scripts/lib/serve.mjs --check
setup_wasm
if [ -n "${DATABRICKS_HOST:-}" ]; then foreground scripts/build.sh --no-emulator; else foreground scripts/build.sh; fi

if [ -n "$nohup" ]; then export GENIE_HANDOFF_NOHUP=1; fi
export GENIE_HANDOFF_STARTED
exec node scripts/lib/serve.mjs
