#!/usr/bin/env bash
# Environments of Python packages for tests and benchmarks, kept beside the other tools. Source it.

# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# python_env NAME REQUIREMENTS [PIP OPTION]...: sets VENV to an environment with exactly these packages. One that was made
# for other pins, or by another interpreter, is left alone. PYTHON names the interpreter, python3 by default.
python_env() {
  local name=$1 requirements=$2 python=${PYTHON:-python3} stamp
  shift 2
  have "$python" || die "$python is not installed, which these tests need" "Install Python 3.10 or newer."
  stamp=$({ "$python" -c 'import sys; print(sys.version)' && cat "$requirements"; } | sha256 | cut -c 1-16)
  VENV=$CACHE/venv/$name-$stamp
  [ -f "$VENV/.complete" ] && return 0
  step "Installing Python packages for $name" make_python_env "$python" "$requirements" "$@" ||
    die "the Python packages could not be installed" "On Debian and Ubuntu python3 -m venv needs: apt install python3-venv"
}

make_python_env() {
  local python=$1 requirements=$2
  shift 2
  rm -rf "$VENV"
  "$python" -m venv "$VENV" &&
    "$VENV/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements" "$@" &&
    "$VENV/bin/pip" check --disable-pip-version-check &&
    touch "$VENV/.complete"
}
