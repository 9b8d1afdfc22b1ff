#!/usr/bin/env bash
# . env.sh FILE: reads FILE, if it is there, as `set -a; source FILE` would. What is already set in the environment
# wins, so that `PORT=9000 ./scripts/start.sh` means what it says. Source it outside of functions: what is put back
# would be local to them.
if [ -f "$1" ]; then
  env_before=$(export -p)
  set -a
  # shellcheck source=/dev/null
  . "$1"
  set +a
  # A read-only variable cannot be put back and needs not be.
  eval "$env_before" 2>/dev/null || true
  unset env_before
fi
