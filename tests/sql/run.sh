#!/usr/bin/env bash
# Executes rendered SQL on Delta tables (Sail) and compares with rows computed in plain Python.
# Arguments go to pytest. GENIE_HANDOFF_RENDER renders the loads in its place, for instance "node pkg/bin/genie-handoff.js render".
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=../../scripts/lib/python.sh
. ../../scripts/lib/python.sh
python_env sql requirements.txt
(cd "$ROOT" && cargo build --quiet -p sql --example render)
export TZ=UTC PYTHONDONTWRITEBYTECODE=1
exec "$VENV/bin/python" -m pytest -q -p no:cacheprovider "$@"
