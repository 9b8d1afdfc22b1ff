#!/usr/bin/env bash
# What the review page weighs and how quick it is, in Chromium. See README.md.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=../../scripts/lib/toolchain.sh
. scripts/lib/toolchain.sh
setup_chromium
scripts/build.sh page emulator
exec node --experimental-strip-types --disable-warning=ExperimentalWarning bench/page/run.ts "$@"
