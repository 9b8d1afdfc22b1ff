#!/usr/bin/env bash
# Runs the official Databricks SDK for Python, unmodified, against the emulator.
#
#   tests/sdk/run.sh [pytest arguments]
#
# EMULATOR_BIN  the emulator to test; the newest build of this workspace by default
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=../../scripts/lib/python.sh
. ../../scripts/lib/python.sh
python_env sdk requirements.txt --no-deps

if [[ -z ${EMULATOR_BIN:-} ]]; then
  target=${CARGO_TARGET_DIR:-$ROOT/target}
  for candidate in "$target/debug/emulator" "$target/release/emulator"; do
    if [[ -x $candidate && (-z ${EMULATOR_BIN:-} || $candidate -nt $EMULATOR_BIN) ]]; then
      EMULATOR_BIN=$candidate
    fi
  done
fi
[[ -x ${EMULATOR_BIN:-} ]] || die "the emulator is not built: cargo build -p emulator"
export EMULATOR_BIN

# Nothing of the caller's own workspace may reach the tests.
for name in $(compgen -e | grep -E '^(DATABRICKS_|ARM_)' || true); do unset "$name"; done

# A profile in the home directory is none of the tests' business either.
export DATABRICKS_CONFIG_FILE=/dev/null PYTHONDONTWRITEBYTECODE=1
exec "$VENV/bin/python" -m pytest "$@"
