#!/usr/bin/env bash
# Installs what is missing and runs the tests.
#
#   ./scripts/test.sh                              everything
#   ./scripts/test.sh unit|sql|pkg|worker|e2e ...  these parts
#
#   unit    formatting, lints and types; the tests of each crate and npm workspace; these scripts
#   sql     the SQL that plans become
#   pkg     the npm package as its users get it
#   worker  the worker in workerd against the emulator, and against its own description; the emulator against the official
#           Databricks SDK
#   e2e     the chain in a real browser; starting and stopping
#
# A part with a failure is finished and ends the run. VERBOSE=1 shows all output. Needs no terminal.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=lib/toolchain.sh
. scripts/lib/toolchain.sh

passed=0 failed=0 part_ran=0 summary=""

# check TEXT COMMAND...: one step of a part.
check() {
  local text=$1 start=$SECONDS log status=0 took
  shift
  log=$(new_log)
  if [ -n "${VERBOSE:-}" ]; then
    printf '  %s ...\n' "$text"
    foreground "$@" </dev/null || status=$?
  else
    logged "$log" "$@" || status=$?
  fi
  took=$(seconds $((SECONDS - start)))
  part_ran=$((part_ran + 1))
  if [ "$status" -eq 0 ]; then
    passed=$((passed + 1))
    say "  ok      $text ($(count_of "$log")$took)"
    rm -f "$log"
  else
    failed=$((failed + 1))
    say "  FAILED  $text ($took), exit code $status"
    # Lines of tests that passed only hide the others.
    sed $'s/\033\\[[0-9;]*m//g' "$log" | { grep -vE '^ *✓|^test .* \.\.\. ok$' || true; } | tail -n 200 | sed 's/^/          /'
    say "          The whole output is in $log"
  fi
}

# count_of LOG: "57 tests, " from what cargo, vitest, node and pytest say.
count_of() {
  sed $'s/\033\\[[0-9;]*m//g' "$1" | awk '
    /^test result: ok/ { n += $4 }
    /^ *Tests +[0-9]+ passed/ { n += $2 }
    /^(# |ℹ )pass [0-9]+/ { n += $3 }
    /^(=+ )?[0-9]+ passed.* in [0-9.]+s/ { gsub(/^=+ /, ""); n += $1 }
    END { if (n > 0) printf "%d tests, ", n }'
}

# in_wasm_env COMMAND...: some npm scripts build the package first, and native builds keep their own toolchain.
in_wasm_env() { (wasm_env && "$@"); }

note() { say "  --      $*"; }

# folder NAME TEXT [PREFIX]: runs tests/NAME, by its run.sh or by the script of that name in tests/package.json.
folder() {
  if [ -f "tests/$1/run.sh" ]; then
    # shellcheck disable=SC2086  # a word or none
    check "$2" ${3:-} "tests/$1/run.sh"
  elif [ -d "tests/$1" ] && grep -q "^    \"$1\":" tests/package.json; then
    # shellcheck disable=SC2086
    check "$2" ${3:-} workspace_script tests "$1"
  else
    note "$2: nothing there yet"
  fi
}

# ---- parts -----------------------------------------------------------------------------------------------------

prepare_unit() {
  setup_wasm
  setup_node
  setup_shellcheck
  scripts/build.sh package
}

part_unit() {
  check "cargo fmt" cargo fmt --all --check
  check "clippy, native" cargo clippy --quiet --all-targets -- -D warnings
  check "clippy, wasm32" clippy_wasm
  check "cargo test" cargo test --quiet
  check "links, read by a decoder written from the page" python3 tests/link/decode.py --check crates/handoff/tests/golden/v1
  # The full half hour is for whoever changes what is fuzzed; this is enough to see that the targets work.
  if have c++; then check "fuzzing, 15 s a target" fuzz/run.sh 15; else note "fuzzing: there is no C++ compiler for libFuzzer"; fi
  check "biome" biome check --error-on-warnings
  check "types: pkg" in_wasm_env workspace_script pkg check
  check "types: web" workspace_script web check
  check "types: tests" workspace_script tests check
  check "types of the API fit its description" workspace_script scripts/api-types check
  check "vitest: pkg" in_wasm_env workspace_script pkg test
  check "vitest: web" workspace_script web test
  check "scripts" node --test scripts/test/*.test.mjs
  check "lock files name no address" no_address_in_locks
  check "package-lock.json names every platform" node scripts/lib/complete-lock.mjs --check
  if [ -n "$SHELLCHECK" ]; then
    # shellcheck disable=SC2046  # a list of names without blanks
    check "shellcheck" "$SHELLCHECK" $(find scripts tests bench -name node_modules -prune -o -name '*.sh' -print) scripts/lib/workerd .ci/run
  else
    note "shellcheck: there is none here and it could not be installed"
  fi
}

# --all-features makes the private worker of `genie-handoff-worker`; without `plans` it is the public one.
clippy_wasm() {
  in_wasm_env cargo clippy --quiet --target wasm32-unknown-unknown -p wasm -p wasm-suggest -p genie-handoff-worker --all-features -- -D warnings &&
    in_wasm_env cargo clippy --quiet --target wasm32-unknown-unknown -p genie-handoff-worker --features fault-injection -- -D warnings
}

no_address_in_locks() { ! grep -nE '"resolved": "[a-z+]+:' package-lock.json; }

prepare_sql() {
  setup_native
  setup_python
  setup_java || warn "there is no Java 17 or newer and it could not be installed; Spark's parser will not be asked"
}
part_sql() {
  folder sql "SQL of plans"
  if java_runs; then
    check "SQL of plans, read by Spark's parser" tests/sql/spark_parse.sh
  else
    note "SQL of plans, read by Spark's parser: there is no Java"
  fi
  folder export "bundles and dbt models of plans"
}

prepare_pkg() {
  setup_wasm
  setup_node
  setup_chromium
  scripts/build.sh package
}
part_pkg() { folder pkg "the package as its users get it" in_wasm_env; }

prepare_worker() {
  setup_wasm
  setup_node
  setup_python
  scripts/build.sh page worker emulator
}
part_worker() {
  folder worker "the worker in workerd against the emulator"
  folder api "the worker against its own description, by schemathesis"
  folder sdk "the emulator against the official Databricks SDK"
}

prepare_e2e() {
  setup_wasm
  setup_node
  setup_chromium
  scripts/build.sh page worker emulator
}
part_e2e() {
  folder e2e "the chain in a real browser"
  check "starting and stopping" node --test --test-concurrency=1 tests/startstop/*.test.mjs
}

# ---- the run ---------------------------------------------------------------------------------------------------

asked=1
if [ $# -eq 0 ]; then
  asked=0
  set -- unit sql pkg worker e2e
fi
for part in "$@"; do
  case $part in
  unit | sql | pkg | worker | e2e) ;;
  *) die "there is no part $part" "Parts: unit sql pkg worker e2e; without any, all of them." ;;
  esac
done

refuse_windows
begin=$SECONDS
left="$*"
for part in "$@"; do
  left=${left#"$part"}
  left=${left# }
  start=$SECONDS part_ran=0 failed_before=$failed
  say "$part: setting up"
  "prepare_$part"
  say "$part"
  "part_$part"
  if [ "$failed" -gt "$failed_before" ]; then
    result=failed
  elif [ "$part_ran" -eq 0 ]; then
    result="nothing there yet"
    [ "$asked" -eq 0 ] || failed=$((failed + 1))
  else
    result=passed
  fi
  summary="$summary$(printf '  %-8s %-18s %s' "$part" "$result" "$(seconds $((SECONDS - start)))")
"
  [ "$failed" -eq "$failed_before" ] || break
done

say ""
printf '%s' "$summary"
for part in $left; do
  [ "$failed" -gt 0 ] && printf '  %-8s %s\n' "$part" "not run"
done
say "  $(seconds $((SECONDS - begin))) in all"
say ""
if [ "$failed" -gt 0 ]; then say "Tests failed."; else say "All tests passed."; fi
say "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
