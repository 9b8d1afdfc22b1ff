#!/usr/bin/env bash
# Runs schemathesis against the worker and the emulator: requests made from worker/openapi.json, right and wrong ones, and
# answers held against it. No 5xx, no status, header or body that the description does not have.
#
#   tests/api/run.sh [SECONDS] [schemathesis arguments]
#
# SECONDS is the time for making requests, 90 by default. SEED repeats the requests of another run.
# PYTHON  the interpreter for the environment in tests/api/.venv; python3 by default
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
python=${PYTHON:-python3}
venv=$here/.venv

fail() {
  echo "tests/api: $1" >&2
  exit "${2:-2}"
}

command -v "$python" >/dev/null || fail "$python is not installed (any Python from 3.10 on)"

# The environment is kept as long as neither the pins nor the interpreter change.
wanted=$("$python" - "$here/requirements.txt" <<'PY'
import hashlib, sys
pins = open(sys.argv[1], "rb").read()
print(hashlib.sha256(pins + sys.version.encode()).hexdigest())
PY
)
if [[ $(cat "$venv/.wanted" 2>/dev/null || true) != "$wanted" ]]; then
  echo "tests/api: installing schemathesis into tests/api/.venv" >&2
  rm -rf "$venv"
  "$python" -m venv "$venv" || fail "python3 -m venv failed (on Debian and Ubuntu: apt install python3-venv)"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --requirement "$here/requirements.txt"
  "$venv/bin/pip" check --disable-pip-version-check >&2
  echo "$wanted" >"$venv/.wanted"
fi

node=$root/node_modules/.bin/node
[[ -x $node ]] || node=node
export PYTHONDONTWRITEBYTECODE=1
exec "$node" "$here/run.mjs" "$@"
