"""What stands beside the load: checks, EXPLAIN, header, width; and that equal plans give equal bytes."""

import hashlib
import json
import subprocess

import pytest

import plans
from lake import ROOT, Renderer
from plans import SOURCE, TARGET, aggregate, append, deduplicate, full, scd2, snapshot, surrogate, upsert

COLUMNS = {"id": "INT", "name": "STRING"}
NAMES = list(COLUMNS)
ALL = [
    append(NAMES, "id", "numeric"),
    append(NAMES, "id", "numeric", match=["name"]),
    full(NAMES),
    upsert(NAMES),
    scd2(NAMES),
    snapshot(NAMES),
    aggregate({"group_by": ["name"], "aggregates": [{"function": "count", "as": "n"}]}),
    surrogate(NAMES),
    deduplicate(NAMES, order=[("name", "asc")]),
]


def kind(plan):
    return f"{plan['pattern']['type']}-{plan['target']['write_mode']}"


def checks(lake, plan, **rules):
    plan = {**plan, "validation_rules": rules}
    return {c["name"]: c["sql"] for c in lake.render(plan, "checks")}


@pytest.mark.parametrize("plan", ALL, ids=kind)
def test_an_empty_source_stops_a_run_unless_the_plan_says_otherwise(lake, plan):
    lake.create(SOURCE, COLUMNS, [(1, "a")])
    plan = {**plan, "source": {**plan["source"], "filter": "id > 5 OR name = 'a'"}}
    check = checks(lake, plan)["source_not_empty"]
    assert lake.sql(check) == [(True,)]
    lake.replace(SOURCE, [(1, "filtered out")])
    with pytest.raises(Exception, match="the source has no rows"):
        lake.sql(check)
    assert "source_not_empty" not in checks(lake, plan, check_source_not_empty=False)


@pytest.mark.parametrize("plan", ALL, ids=kind)
def test_too_many_rows_stop_a_run(lake, plan):
    lake.create(SOURCE, COLUMNS, [(n, "a") for n in range(5)])
    lake.schema(TARGET)
    lake.setup(plan)
    lake.sql(checks(lake, plan, max_rows_to_process=5)["max_rows"])
    with pytest.raises(Exception, match="max_rows_to_process"):
        lake.sql(checks(lake, plan, max_rows_to_process=4)["max_rows"])
    assert "max_rows" not in checks(lake, plan)


def test_max_rows_counts_new_rows_only(lake):
    lake.create(SOURCE, COLUMNS, [(n, "a") for n in range(5)])
    lake.create(TARGET, COLUMNS, [(3, "a")])
    plan = append(NAMES, "id", "numeric")
    assert lake.sql(checks(lake, plan, max_rows_to_process=1)["max_rows"]) == [(True,)]


def test_missing_columns_and_types_without_anything_in_common_stop_a_run(lake):
    lake.create(SOURCE, COLUMNS)
    lake.create(TARGET, {"name": "STRING", "id": "INT", "more": "INT"})
    assert lake.sql(checks(lake, upsert(NAMES))["schema_compatible"]) == []
    with pytest.raises(Exception):
        lake.sql(checks(lake, upsert(NAMES + ["more"]))["schema_compatible"])
    assert "schema_compatible" not in checks(lake, upsert(NAMES), check_schema_compatibility=False)
    lake.create(("main", "mart", "other"), {"name": "STRING", "id": "ARRAY<INT>"})
    with pytest.raises(Exception):
        lake.sql(checks(lake, upsert(NAMES, target=("main", "mart", "other")))["schema_compatible"])


@pytest.mark.parametrize("plan", ALL, ids=kind)
def test_explain_changes_nothing(lake, plan):
    lake.create(SOURCE, COLUMNS, [(1, "a")])
    lake.schema(TARGET)
    lake.setup(plan)
    before = lake.commits()
    text = lake.render(plan, "explain")
    assert text.startswith("EXPLAIN ") and "--" not in text
    if plan["pattern"]["type"] != "DEDUPLICATE":
        lake.sql(text)
    assert lake.commits() == before
    for statement in lake.render(plan, "previews") if lake.render(plan, "setup") else []:
        lake.sql(statement["sql"])
    assert lake.commits() == before


@pytest.mark.parametrize("plan", ALL, ids=kind)
def test_equal_plans_give_equal_bytes(renderer, plan):
    def reverse(value):
        return {k: reverse(v) for k, v in reversed(value.items())} if isinstance(value, dict) else value

    other = Renderer()
    for part in ["load", "all", "explanation"]:
        args = () if part == "load" else (part,)
        assert renderer(plan, *args) == renderer(reverse(plan), *args) == other(plan, *args)
    other.close()


@pytest.mark.parametrize("plan", ALL, ids=kind)
def test_the_header_names_the_plan_and_its_hash(renderer, plan):
    plan = {**plan, "plan_metadata": {**plan["plan_metadata"], "tags": {"genie_session_id": "01ef-session"}}}
    # The canonical form of a plan without fractions, non-ASCII text and exotic escapes is what json.dumps writes.
    canonical = json.dumps(plan, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    lines = renderer(plan).split("\n")
    assert lines[0] == f"-- genie-handoff: {plan['pattern']['type']}"
    assert "-- plan id: 6b1f7c1e-9a55-4a5e-8f5e-0f7c2f6b9d10" in lines
    assert "-- plan version: 1.0.0" in lines
    assert f"-- plan hash: {hashlib.sha256(canonical.encode()).hexdigest()}" in lines
    assert "-- genie session: 01ef-session" in lines
    assert not lines[-1].rstrip().endswith(";")


def test_open_questions_do_not_stop_the_sql(renderer):
    plan = upsert(NAMES)
    del plan["execution_config"], plan["plan_metadata"]["owner"], plan["plan_metadata"]["plan_id"]
    assert "-- plan id: not known yet\n" in renderer(plan)


@pytest.mark.parametrize("make", [
    lambda c: append(c, "c0", "numeric"), lambda c: append(c, "c0", "numeric", match=["c1"]), full,
    lambda c: upsert(c, ["c0"]), lambda c: scd2(c, ["c0"]), snapshot])
def test_a_wide_table(lake, make):
    columns = {f"c{n}": "INT" for n in range(60)}
    lake.create(SOURCE, columns, [tuple(range(60)), tuple(range(1, 61))])
    lake.schema(TARGET)
    plan = make(list(columns))
    lake.setup(plan)
    lake.load(plan)
    lake.load(plan)
    assert len(lake.rows(TARGET, "c0")) == 2


def test_the_command_line_separates_results_problems_and_usage():
    binary = f"{ROOT}/target/debug/examples/render"

    def run(text, *args):
        done = subprocess.run([binary, *args], input=text, capture_output=True, text=True)
        return done.returncode, bool(done.stdout), bool(done.stderr)

    good = json.dumps(plans.upsert(NAMES))
    assert run(good) == (0, True, False)
    assert run(good, "--what") == (2, False, True)
    assert run(good.replace("MERGE_UPSERT", "NONE")) == (1, False, True)
    assert run("{") == (1, False, True)
    assert run('{"schema_version": "1.0", "schema_version": "1.0"}') == (1, False, True)
