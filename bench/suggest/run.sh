#!/usr/bin/env bash
# Prints how often a suggested plan is right. `--misses` lists the misses of the tune half.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
exec cargo run --quiet --package plan --example suggest_accuracy -- "$@"
