#!/usr/bin/env bash
# Runs the official Databricks SDK for Python, unmodified, against the emulator.
#
#   tests/sdk/run.sh [pytest arguments]
#
# EMULATOR_BIN  the emulator to test; the newest build of this workspace by default
# PYTHON        the interpreter for the environment in tests/sdk/.venv; python3 by default
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
python=${PYTHON:-python3}
venv=$here/.venv

fail() {
  echo "tests/sdk: $1" >&2
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
  echo "tests/sdk: installing the SDK into tests/sdk/.venv" >&2
  rm -rf "$venv"
  "$python" -m venv "$venv" || fail "python3 -m venv failed (on Debian and Ubuntu: apt install python3-venv)"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --requirement "$here/requirements.txt"
  "$venv/bin/pip" check --disable-pip-version-check >&2
  echo "$wanted" >"$venv/.wanted"
fi

if [[ -z ${EMULATOR_BIN:-} ]]; then
  target=${CARGO_TARGET_DIR:-$root/target}
  for candidate in "$target/debug/emulator" "$target/release/emulator"; do
    if [[ -x $candidate && (-z ${EMULATOR_BIN:-} || $candidate -nt $EMULATOR_BIN) ]]; then
      EMULATOR_BIN=$candidate
    fi
  done
fi
[[ -x ${EMULATOR_BIN:-} ]] || fail "the emulator is not built: cargo build -p emulator"
export EMULATOR_BIN

# Nothing of the caller's own workspace may reach the tests.
for name in $(compgen -e | grep -E '^(DATABRICKS_|ARM_)' || true); do unset "$name"; done

# A profile in the home directory is none of the tests' business either.
export DATABRICKS_CONFIG_FILE=/dev/null PYTHONDONTWRITEBYTECODE=1
cd "$here"
exec "$venv/bin/python" -m pytest "$@"
