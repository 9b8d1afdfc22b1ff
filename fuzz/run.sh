#!/usr/bin/env bash
# Runs every fuzz target for some seconds: fuzz/run.sh SECONDS [TARGET...]
#
# No nightly compiler and no cargo-fuzz needed: the coverage that libFuzzer wants comes from stable code generation
# options. `cargo +nightly fuzz run TARGET` works as well where those are installed.
# Findings are kept in fuzz/artifacts/TARGET, what was learned in fuzz/corpus/TARGET (neither is committed).
set -euo pipefail
seconds=${1:?usage: fuzz/run.sh SECONDS [TARGET...]}
shift
cd "$(dirname "$0")"
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(decode redact round_trip plan filter names)

# The settings cargo-fuzz uses, without the address sanitizer: there is no unsafe code to watch.
host=$(rustc -vV | sed -n 's/^host: //p')
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1"
# With --target the build scripts stay without coverage.
bins=()
for target in "${targets[@]}"; do bins+=(--bin "$target"); done
cargo build --release --locked --target "$host" "${bins[@]}"

failed=0
for target in "${targets[@]}"; do
  mkdir -p "corpus/$target" "artifacts/$target"
  # Real contexts and links are the best start.
  case $target in
    decode) cp -n ../crates/handoff/tests/golden/v1/*.link "corpus/$target/" ;;
    plan)
      # One plan per pattern: columns, a filter, and every kind of configuration.
      cp -n seeds/plan/*.json "corpus/$target/"
      ;;
    filter) cp -n seeds/filter/* "corpus/$target/" ;;
    round_trip) cp -n ../crates/handoff/tests/contexts/*.json "corpus/$target/" ;;
  esac
  echo "== $target, $seconds s"
  # The slowest inputs decode to the full megabyte: about a second as shipped, and twenty when instrumented on a busy machine.
  "target/$host/release/$target" "corpus/$target" -artifact_prefix="artifacts/$target/" \
    -max_total_time="$seconds" -max_len=16384 -timeout=120 -rss_limit_mb=2048 -print_final_stats=1 2>&1 |
    tee "artifacts/$target/last.log" | grep -E '^(stat::|==|SUMMARY|thread|Done)|panicked|ERROR' || true
  if ! grep -q '^Done ' "artifacts/$target/last.log"; then failed=1; fi
done
exit $failed
