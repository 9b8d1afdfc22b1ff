#!/usr/bin/env bash
# Has dbt and the models of bundles read what plans are exported as. No connection is made.
# Arguments go to pytest. BUNDLE_SCHEMA is a file with the JSON Schema of bundles (`databricks bundle schema`), which is
# checked too when it is given.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=../../scripts/lib/python.sh
. ../../scripts/lib/python.sh
python_env export requirements.txt --no-deps
(cd "$ROOT" && cargo build --quiet -p export --example export)
# Nothing of the caller's own workspace or dbt may reach the tests, and nothing is reported to anybody.
for name in $(compgen -e | grep -E '^(DATABRICKS_|DBT_)' || true); do unset "$name"; done
export DATABRICKS_CONFIG_FILE=/dev/null DBT_SEND_ANONYMOUS_USAGE_STATS=false DO_NOT_TRACK=1
export TZ=UTC PYTHONDONTWRITEBYTECODE=1
exec "$VENV/bin/python" -m pytest -q -p no:cacheprovider "$@"
