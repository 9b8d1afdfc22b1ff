#!/usr/bin/env bash
# Has dbt and the models of bundles read what plans are exported as. No connection is made.
# Arguments go to pytest. BUNDLE_SCHEMA is a file with the JSON Schema of bundles (`databricks bundle schema`), which is
# checked too when it is given.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/genie-handoff/venv"
stamp="$(sha256sum "$here/requirements.txt" | cut -c1-16)"
venv="$cache/export-$stamp"

if [[ ! -f "$venv/.complete" ]]; then
  echo "export tests: installing the Python packages in requirements.txt (about a minute)"
  mkdir -p "$cache"
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "$here/requirements.txt"
  touch "$venv/.complete"
fi
(cd "$root" && cargo build --quiet -p export --example export)
cd "$here"
# Nothing of the caller's own workspace or dbt may reach the tests, and nothing is reported to anybody.
for name in $(compgen -e | grep -E '^(DATABRICKS_|DBT_)' || true); do unset "$name"; done
export DATABRICKS_CONFIG_FILE=/dev/null DBT_SEND_ANONYMOUS_USAGE_STATS=false DO_NOT_TRACK=1
export TZ=UTC PYTHONDONTWRITEBYTECODE=1
exec "$venv/bin/python" -m pytest -q -p no:cacheprovider "$@"
