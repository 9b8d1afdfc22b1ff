#!/usr/bin/env bash
# Lets Spark's own parser read every statement that the renderer writes for a set of plans. Needs Java 17 or newer.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=../../scripts/lib/python.sh
. ../../scripts/lib/python.sh
if ! java -version >/dev/null 2>&1; then
  die "there is no Java 17 or newer" "Debian and Ubuntu: apt-get install default-jre-headless"
fi
python_env spark spark_requirements.txt
(cd "$ROOT" && cargo build --quiet -p sql --example render)
export SPARK_LOCAL_IP=127.0.0.1 PYTHONDONTWRITEBYTECODE=1
exec "$VENV/bin/python" spark_parse.py "${CARGO_TARGET_DIR:-$ROOT/target}/debug/examples/render"
