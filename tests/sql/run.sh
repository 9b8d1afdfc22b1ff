#!/usr/bin/env bash
# Executes rendered SQL on Delta tables (Sail) and compares with rows computed in plain Python.
# Arguments go to pytest. GENIE_HANDOFF_RENDER renders the loads in its place, for instance "node pkg/bin/genie-handoff.js render".
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/genie-handoff/venv"
stamp="$(sha256sum "$here/requirements.txt" | cut -c1-16)"
venv="$cache/sql-$stamp"

if [[ ! -f "$venv/.complete" ]]; then
  echo "sql tests: installing the Python packages in requirements.txt (about 30 s)"
  mkdir -p "$cache"
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
  touch "$venv/.complete"
fi
(cd "$root" && cargo build --quiet -p sql --example render)
cd "$here"
export TZ=UTC PYTHONDONTWRITEBYTECODE=1
exec "$venv/bin/python" -m pytest -q -p no:cacheprovider "$@"
