#!/usr/bin/env bash
# Lets Spark's own parser read every statement that the renderer writes for a set of plans. Needs Java 17 or newer.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/genie-handoff/venv"
stamp="$(sha256sum "$here/spark_requirements.txt" | cut -c1-16)"
venv="$cache/spark-$stamp"

if ! java -version >/dev/null 2>&1; then
  echo "spark_parse: Java 17 or newer is needed (Debian and Ubuntu: apt-get install default-jre-headless)" >&2
  exit 2
fi
if [[ ! -f "$venv/.complete" ]]; then
  echo "spark_parse: installing pyspark (about 450 MB, a minute)"
  mkdir -p "$cache"
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/spark_requirements.txt"
  touch "$venv/.complete"
fi
(cd "$root" && cargo build --quiet -p sql --example render)
export SPARK_LOCAL_IP=127.0.0.1 PYTHONDONTWRITEBYTECODE=1
exec "$venv/bin/python" "$here/spark_parse.py" "${CARGO_TARGET_DIR:-$root/target}/debug/examples/render"
