from datetime import datetime

import pytest

from lake import Refused, ordered
from plans import SOURCE, TARGET, deduplicate, full

PEOPLE = {"id": "INT", "name": "STRING", "city": "STRING"}
COLUMNS = list(PEOPLE)
ROWS = [(1, "a", "x"), (2, None, "y"), (2, None, "y"), (None, None, None)]


@pytest.mark.parametrize("columns", [COLUMNS, None])
@pytest.mark.parametrize("mode", ["direct", "staging", None])
def test_missing_target_rerun_and_changes(lake, columns, mode):
    lake.create(SOURCE, PEOPLE, ROWS)
    lake.schema(TARGET)
    plan = full(columns, {"refresh_mode": mode} if mode else {})
    assert lake.render(plan, "setup") == []
    lake.load(plan)
    assert lake.rows(TARGET) == ordered(ROWS)
    assert lake.load(plan) == 1
    assert lake.rows(TARGET) == ordered(ROWS)
    lake.replace(SOURCE, [(9, "z", None)])
    assert lake.preview(plan) == {"rows_to_insert": 1, "rows_to_delete": 4}
    lake.load(plan)
    assert lake.rows(TARGET) == [(9, "z", None)]
    lake.replace(SOURCE, [])
    lake.load(plan)
    assert lake.rows(TARGET) == []


def test_a_failing_query_leaves_the_old_table(lake):
    lake.create(SOURCE, PEOPLE, ROWS)
    lake.create(TARGET, PEOPLE, [(0, "old", "old")])
    with pytest.raises(Exception):
        lake.load(full(COLUMNS, filter="CAST(city AS INT) / 0 = element_at(array(1), 5)"))
    with pytest.raises(Exception):
        lake.load(full(COLUMNS + ["nope"]))
    assert lake.rows(TARGET) == [(0, "old", "old")]


def test_both_filters_hold(lake):
    lake.create(SOURCE, PEOPLE, [(1, "a", "x"), (2, "b", "x"), (3, "a", "y"), (4, "b", "y")])
    lake.schema(TARGET)
    plan = full(COLUMNS, {"filter_condition": "name = 'a' OR id = 2"}, filter="city = 'x' OR id > 3")
    lake.load(plan)
    assert [r[0] for r in lake.rows(TARGET)] == [1, 2]


def test_partitions_and_properties(lake):
    lake.create(SOURCE, PEOPLE, ROWS)
    lake.schema(TARGET)
    properties = {"note": "it's a \\ 'test'", "a.b-c": "x\ny", "k'ey": "`;--"}
    plan = full(COLUMNS, {"partition_columns": ["city"], "table_properties": properties, "table_format": "delta"})
    lake.load(plan)
    lake.load(plan)
    assert lake.rows(TARGET) == ordered(ROWS)
    text = lake.render(plan)
    assert "PARTITIONED BY (`city`)" in text and r"'it\'s a \\ \'test\''" in text


def test_partitions_of_the_target(lake):
    lake.create(SOURCE, PEOPLE, ROWS)
    lake.schema(TARGET)
    lake.load(full(COLUMNS, partition_by=["city"]))
    assert lake.rows(TARGET) == ordered(ROWS)


def test_iceberg(lake):
    lake.create(SOURCE, PEOPLE, ROWS)
    lake.schema(TARGET)
    lake.sql(lake.render(full(COLUMNS, {"table_format": "iceberg"})))
    assert lake.rows(TARGET) == ordered(ROWS)


def test_clustering_is_apart_unless_the_warehouse_takes_it(lake):
    lake.create(SOURCE, PEOPLE, ROWS)
    lake.schema(TARGET)
    plan = full(COLUMNS, {"cluster_columns": ["city", "na`me"]})
    plan["source"]["columns"] = ["id", "na`me", "city"]
    assert "CLUSTER BY" not in lake.render(plan)
    (after,) = lake.render(plan, "after")
    assert after["sql"] == "ALTER TABLE `main`.`mart`.`tgt` CLUSTER BY (`city`, `na``me`)"
    assert "CLUSTER BY (`city`, `na``me`)" in lake.render(plan, "--cluster-by")
    assert lake.render(plan, "after", "--cluster-by") == []
    lake.load(full(COLUMNS, {"cluster_columns": ["city"]}))
    assert lake.rows(TARGET) == ordered(ROWS)


def test_staging_statements_build_compare_and_publish(lake):
    lake.create(SOURCE, PEOPLE, ROWS)
    lake.create(TARGET, PEOPLE, [(0, "old", "old")])
    plan = full(COLUMNS, {"refresh_mode": "staging"}, filter="id IS NOT NULL")
    build, compare, publish = lake.render(plan, "staging")
    lake.sql(build["sql"])
    assert lake.rows(TARGET) == [(0, "old", "old")]
    assert lake.sql(compare["sql"]) == [(3, 1)]
    lake.sql(publish["sql"])
    assert lake.rows(TARGET) == ordered(ROWS[:3])


def test_refusals(lake):
    for config, code in [
        ({"partition_columns": ["id"], "cluster_columns": ["city"]}, "plan_partition_and_cluster"),
        ({"table_properties": {"location": "s3://x"}}, "plan_property_reserved"),
        ({"table_properties": {"a": 1}}, "plan_wrong_type"),
        ({"refresh_mode": "swap"}, "plan_not_allowed"),
        ({"filter_condition": "1=1; DROP TABLE IF EXISTS x"}, "filter_semicolon"),
        ({"refresh_inplace": True}, "plan_not_supported"),
    ]:
        with pytest.raises(Refused) as refused:
            lake.render(full(COLUMNS, config))
        assert refused.value.codes == [code]
    with pytest.raises(Refused) as refused:
        lake.render(full(COLUMNS, source=TARGET))
    assert refused.value.codes == ["plan_source_is_target"]


EVENTS = {"id": "INT", "kind": "STRING", "ts": "TIMESTAMP"}


def at(day):
    return datetime(2026, 1, day)


DUPLICATES = [(1, "a", at(1)), (1, "b", at(2)), (1, "c", at(2)), (2, "d", None), (2, "e", at(1)), (None, "f", at(1)),
              (None, "f", at(1)), (3, "g", at(3))]
KEPT = [(1, "c", at(2)), (2, "e", at(1)), (3, "g", at(3)), (None, "f", at(1))]


@pytest.mark.parametrize("columns", [list(EVENTS), None])
def test_deduplicate_into_another_table(lake, columns):
    lake.create(SOURCE, EVENTS, DUPLICATES)
    lake.schema(TARGET)
    plan = deduplicate(columns)
    assert lake.preview(plan) == {"keys_with_duplicates": 3, "rows_not_taken": 4}
    lake.load(plan)
    lake.load(plan)
    assert lake.rows(TARGET) == ordered(KEPT)


def test_deduplicate_in_place(lake):
    lake.create(SOURCE, EVENTS, DUPLICATES)
    plan = deduplicate(source=SOURCE, target=SOURCE)
    assert lake.load(plan) == 1
    assert lake.rows(SOURCE) == ordered(KEPT)
    lake.load(plan)
    assert lake.rows(SOURCE) == ordered(KEPT)
    lake.load(deduplicate(source=SOURCE, target=SOURCE, order=[("id", "asc")], keys=["ts"]))
    assert lake.rows(SOURCE) == [(1, "c", at(2)), (2, "e", at(1)), (3, "g", at(3))]


def test_deduplicate_order_directions(lake):
    lake.create(SOURCE, EVENTS, DUPLICATES)
    lake.schema(TARGET)
    lake.load(deduplicate(list(EVENTS), order=[("ts", "asc"), ("kind", "asc")]))
    assert lake.rows(TARGET) == ordered([(1, "a", at(1)), (2, "e", at(1)), (3, "g", at(3)), (None, "f", at(1))])
