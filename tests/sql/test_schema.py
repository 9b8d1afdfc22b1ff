"""docs/plan.schema.json against our own validation, by an independent validator.

Every plan that we accept fits the schema. Every plan that does not fit the schema is refused by us. (The schema says
less than we do: rules across fields are beyond it.)"""

import copy
import itertools
import json
import os

import pytest
from jsonschema import Draft202012Validator
from jsonschema.validators import Draft202012Validator as Validator

from lake import ROOT
from plans import aggregate, append, deduplicate, full, scd2, snapshot, surrogate, upsert

with open(os.path.join(ROOT, "docs", "plan.schema.json"), encoding="utf-8") as file:
    SCHEMA = json.load(file)

COLUMNS = ["id", "name", "ts"]
REST = {
    "schedule": {"type": "cron", "cron_expression": "0 0 2 * * ?", "timezone": "Europe/Berlin", "enabled": True},
    "validation_rules": {"check_source_not_empty": True, "check_schema_compatibility": False, "max_rows_to_process": 5},
}
GOOD = [
    append(COLUMNS, initial="2020-01-01", filter="id > 1", **REST),
    append(COLUMNS, "id", "numeric", match=["name"], initial="-1", cluster_by=["ts"]),
    full(COLUMNS, {"refresh_mode": "staging", "table_format": "iceberg", "partition_columns": ["id"], "filter_condition": "id > 1",
                   "table_properties": {"a.b": "it's"}, "refresh_inplace": False, "enable_uniform": False}, **REST),
    full(None, {"cluster_columns": ["a b"]}),
    upsert(COLUMNS, config={"update_columns": ["name"]}, partition_by=["ts"]),
    upsert(COLUMNS, version="1.1", config={"hard_deletes": "delete", "duplicate_keys": "fail", "order_by": [{"column": "ts", "direction": "asc"}]}),
    scd2(COLUMNS, config={"effective_date_column": "f", "end_date_column": "t", "current_flag_column": "c", "end_date_default": "2999-01-01", "compare_columns": ["name"]}),
    scd2(COLUMNS, version="1.1", config={"hard_deletes": "close"}),
    snapshot(COLUMNS, config={"partition_columns": ["snapshot_date"]}),
    aggregate({"group_by": ["name"], "time_bucket": {"column": "ts", "grain": "day", "as": "day"}, "refresh_days": 3,
               "aggregates": [{"function": "count", "as": "n"}, {"function": "sum", "column": "id", "as": "s"}]}, COLUMNS),
    surrogate(COLUMNS, config={"key_method": "hash", "update_columns": ["name"]}),
    deduplicate(COLUMNS),
]
JUNK = [None, True, 0, -1, 1.5, "", "x", "no such value", "\n", "a.b", [], ["id", "id"], [1], {}, {"x": 1}, "x" * 6000]


def valid(plan):
    return Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER).is_valid(plan)


def pointers(value, at=()):
    yield at
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, child in children:
        yield from pointers(child, at + (name,))


def changed(plan, at, value, delete=False):
    plan = copy.deepcopy(plan)
    place = plan
    for name in at[:-1]:
        place = place[name]
    if delete:
        del place[at[-1]]
    else:
        place[at[-1]] = value
    return plan


def test_the_schema_is_a_schema():
    Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("plan", GOOD, ids=lambda p: p["pattern"]["type"])
def test_good_plans_fit_both(renderer, plan):
    assert list(Validator(SCHEMA).iter_errors(plan)) == []
    report = renderer(plan, "validate")
    assert report["valid"] and report["issues"] == []


@pytest.mark.parametrize("plan", GOOD, ids=lambda p: p["pattern"]["type"])
def test_both_agree_on_every_single_change(renderer, plan):
    changes = [changed(plan, at, value) for at in pointers(plan) if at for value in JUNK]
    changes += [changed(plan, at, None, delete=True) for at in pointers(plan) if at]
    changes += [changed(plan, at + ("surprise",), 1) for at in pointers(plan) if isinstance(at_value(plan, at), dict)]
    changes += [changed(plan, ("pattern", "type"), other["pattern"]["type"]) for other in GOOD]
    changes += [changed(plan, ("schema_version",), v) for v in ("1.0", "1.1", "2.0", 1.0)]
    looser = 0
    for changed_plan in changes:
        ours = renderer(changed_plan, "validate")
        theirs = valid(changed_plan)
        if ours["valid"] and not theirs:
            raise AssertionError(f"we accept what the schema refuses: {json.dumps(changed_plan)}")
        looser += theirs and not ours["valid"]
    # The schema must say most of it, or it is not worth publishing.
    assert looser < len(changes) * 0.12, (looser, len(changes))


def at_value(plan, at):
    for name in at:
        plan = plan[name]
    return plan


def test_key_names_agree(renderer):
    config = SCHEMA["properties"]["pattern_config"]["properties"]
    for key in config:
        plan = upsert(COLUMNS, version="1.1", config={key: None})
        assert "plan_unknown_key" not in [i["code"] for i in renderer(plan, "validate")["issues"]], key
    for a, b in itertools.product(["source", "target", "execution_config", "schedule", "validation_rules", "plan_metadata"], [1]):
        for key in SCHEMA["properties"][a]["properties"]:
            plan = upsert(COLUMNS)
            plan.setdefault(a, {})[key] = b
            assert "plan_unknown_key" not in [i["code"] for i in renderer(plan, "validate")["issues"]], key
