#!/usr/bin/env bash
# Runs schemathesis against the worker and the emulator: requests made from worker/openapi.json, right and wrong ones, and
# answers held against it. No 5xx, no status, header or body that the description does not have.
#
#   tests/api/run.sh [SECONDS] [schemathesis arguments]
#
# SECONDS is the time for making requests, 90 by default. SEED repeats the requests of another run.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../../scripts/lib/python.sh
. "$here/../../scripts/lib/python.sh"
python_env api "$here/requirements.txt" --no-deps

node=$ROOT/node_modules/.bin/node
[[ -x $node ]] || node=node
export SCHEMATHESIS_BIN=$VENV/bin PYTHONDONTWRITEBYTECODE=1
exec "$node" "$here/run.mjs" "$@"
