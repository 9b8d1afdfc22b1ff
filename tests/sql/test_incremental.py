from datetime import date, datetime
from decimal import Decimal

import pytest

import model
from lake import Refused, ordered
from plans import SOURCE, TARGET, append

EVENTS = {"id": "INT", "kind": "STRING", "amount": "INT", "ts": "TIMESTAMP"}
COLUMNS = list(EVENTS)


def at(day, hour=0, year=2026):
    return datetime(year, 1, day, hour)


def rows_of(dicts, columns=COLUMNS):
    return ordered([tuple(d[c] for c in columns) for d in dicts])


def start(lake, source, target=(), columns=EVENTS, target_columns=None):
    lake.create(SOURCE, columns, source)
    lake.create(TARGET, target_columns or columns, target)


@pytest.mark.parametrize("columns", [COLUMNS, None])
def test_append_first_run_rerun_and_news(lake, columns):
    start(lake, [(1, "a", 1, at(1)), (2, "b", None, at(2)), (2, "b", None, at(2)), (3, None, 3, None)])
    plan = append(columns)
    assert lake.preview(plan)["rows_to_insert"] == 3
    assert lake.preview(plan)["null_watermarks"] == 1
    assert lake.load(plan) == 1
    # An append has no keys: two equal rows are two rows. The row without a watermark is left out.
    assert lake.rows(TARGET) == ordered([(1, "a", 1, at(1)), (2, "b", None, at(2)), (2, "b", None, at(2))])
    assert lake.load(plan) == 0
    assert len(lake.rows(TARGET)) == 3
    # Above, on and below the maximum.
    lake.insert(SOURCE, [(4, "c", 4, at(3)), (5, "tie", 5, at(2)), (6, "late", 6, at(1))])
    found = lake.preview(plan)
    assert (found["rows_to_insert"], found["at_or_below_the_watermark"], found["current_watermark"]) == (1, 5, at(2))
    lake.load(plan)
    assert [r[0] for r in lake.rows(TARGET)] == [1, 2, 2, 4]


@pytest.mark.parametrize(
    "kind, sql_type, initial, values, kept",
    [
        ("timestamp", "TIMESTAMP", None, [datetime(1850, 1, 1), datetime(1, 1, 2), datetime(2020, 1, 1)], [0, 1, 2]),
        ("timestamp", "TIMESTAMP", "1850-01-01", [datetime(1850, 1, 1), datetime(1850, 1, 1, 0, 0, 0, 1)], [1]),
        ("timestamp", "TIMESTAMP", "2020-01-01T00:00:00+02:00", [datetime(2019, 12, 31, 22), datetime(2019, 12, 31, 23)], [1]),
        ("date", "DATE", None, [date(1582, 1, 1), date(2020, 1, 1)], [0, 1]),
        ("date", "DATE", "1899-12-31", [date(1899, 12, 31), date(1900, 1, 1)], [1]),
        ("numeric", "BIGINT", None, [-(2**60), 0, 5], [0, 1, 2]),
        ("numeric", "BIGINT", "-5", [-6, -5, -4, 0], [2, 3]),
        ("numeric", "INT", "2147483646", [2147483646, 2147483647], [1]),
        ("numeric", "DECIMAL(38,2)", "-0.01", [Decimal("-0.01"), Decimal("0.00")], [1]),
        ("numeric", "DOUBLE", "0.5", [0.5, 0.75], [1]),
        ("numeric", "BIGINT", "99999999999999999999", [1], []),
    ],
)
def test_append_watermark_types_and_initial_values(lake, kind, sql_type, initial, values, kept):
    start(lake, [(n, v) for n, v in enumerate(values)], columns={"id": "INT", "wm": sql_type})
    plan = append(["id", "wm"], "wm", kind, initial)
    lake.load(plan)
    assert [r[0] for r in lake.rows(TARGET)] == kept
    lake.load(plan)
    assert [r[0] for r in lake.rows(TARGET)] == kept


def test_the_initial_value_counts_only_for_an_empty_target(lake):
    start(lake, [(1, "a", 1, at(5))], [(0, "z", 0, at(1))])
    lake.load(append(COLUMNS, initial="2026-01-20"))
    assert [r[0] for r in lake.rows(TARGET)] == [0, 1]


def test_a_target_without_watermarks_is_an_empty_one(lake):
    start(lake, [(1, "a", 1, at(5))], [(0, "z", 0, None)])
    lake.load(append(COLUMNS))
    assert [r[0] for r in lake.rows(TARGET)] == [0, 1]


def test_append_pairs_columns_by_name(lake):
    start(lake, [("Ada", "Lovelace", 1)], columns={"first": "STRING", "last": "STRING", "n": "INT"},
          target_columns={"last": "STRING", "n": "INT", "first": "STRING"})
    lake.load(append(["first", "last", "n"], "n", "numeric"))
    assert lake.rows(TARGET) == [("Lovelace", 1, "Ada")]


@pytest.mark.parametrize("columns", [["first", "last", "n"], None])
def test_append_without_columns_pairs_by_name_too(lake, columns):
    start(lake, [("Ada", "Lovelace", 1, 9)], columns={"first": "STRING", "last": "STRING", "n": "INT", "new": "INT"},
          target_columns={"last": "STRING", "n": "INT", "first": "STRING"})
    lake.load(append(columns, "n", "numeric"))
    assert lake.rows(TARGET) == [("Lovelace", 1, "Ada")]


@pytest.mark.parametrize("match", [None, ["id"]])
def test_extra_columns_on_either_side(lake, match):
    start(lake, [(1, "a", 1, at(1), "source only")], columns={**EVENTS, "extra": "STRING"},
          target_columns={"only_target": "STRING", **EVENTS})
    lake.load(append(COLUMNS, match=match))
    assert lake.rows(TARGET) == [(None, 1, "a", 1, at(1))]


def test_filter_with_or_does_not_swallow_the_watermark(lake):
    start(lake, [(1, "a", 1, at(1)), (2, "test", 1, at(2)), (3, "x", 1, at(3))])
    plan = append(COLUMNS, filter="kind = 'a' OR kind = 'x'")
    lake.load(plan)
    assert [r[0] for r in lake.rows(TARGET)] == [1, 3]
    assert lake.load(plan) == 0
    assert [r[0] for r in lake.rows(TARGET)] == [1, 3]


def test_append_from_an_empty_source(lake):
    start(lake, [], [(0, "z", 0, at(1))])
    assert lake.load(append(COLUMNS)) == 0
    assert lake.load(append(COLUMNS, match=["id"])) == 0
    assert lake.rows(TARGET) == [(0, "z", 0, at(1))]


def test_missing_target_is_set_up_apart(lake):
    lake.create(SOURCE, EVENTS, [(1, "a", 1, at(1))])
    lake.schema(TARGET)
    for columns in (COLUMNS, None):
        lake.setup(append(columns))
        lake.setup(append(columns))
        assert lake.rows(TARGET) == [] or columns is None
        lake.load(append(columns))
        assert lake.rows(TARGET) == [(1, "a", 1, at(1))]


@pytest.mark.parametrize("columns", [COLUMNS, None])
def test_merge_newest_wins_and_ties_are_saved(lake, columns):
    start(lake, [(1, "old", 1, at(1)), (1, "new", 2, at(2)), (2, "b", 1, at(1)), (None, "n", 1, at(1)), (None, "m", 1, at(2))])
    plan = append(columns, match=["id"])
    lake.load(plan)
    assert lake.rows(TARGET) == ordered([(1, "new", 2, at(2)), (2, "b", 1, at(1)), (None, "m", 1, at(2))])
    assert lake.load(plan) == (0 if columns else 1)
    assert len(lake.rows(TARGET)) == 3
    # A late tie on the maximum, a change, a row below the maximum.
    lake.insert(SOURCE, [(3, "tie", 3, at(2)), (2, "changed", 9, at(3)), (4, "late", 4, at(1))])
    lake.load(plan)
    assert lake.rows(TARGET) == ordered([(1, "new", 2, at(2)), (2, "changed", 9, at(3)), (3, "tie", 3, at(2)), (None, "m", 1, at(2))])


def test_merge_preview_counts_what_the_run_does(lake):
    start(lake, [(1, "a", 2, at(3)), (2, "b", 1, at(3)), (3, "c", 1, at(3)), (3, "d", 1, at(4))],
          [(1, "a", 1, at(1)), (2, "b", 1, at(3))])
    found = lake.preview(append(COLUMNS, match=["id"]))
    assert (found["rows_to_insert"], found["rows_to_update"], found["rows_unchanged"]) == (1, 1, 1)


def test_merge_on_a_composite_key_with_nulls(lake):
    source = [(1, None, 1, at(1)), (1, None, 2, at(2)), (1, "x", 3, at(1)), (None, None, 4, at(1)), (None, None, 5, at(3))]
    start(lake, source, [(None, None, 0, at(1)), (1, None, 0, None)])
    dicts = [dict(zip(COLUMNS, r)) for r in source]
    target = [dict(zip(COLUMNS, r)) for r in [(None, None, 0, at(1)), (1, None, 0, None)]]
    lake.load(append(COLUMNS, match=["id", "kind"]))
    expected = model.incremental_merge(dicts, target, COLUMNS, "ts", ["id", "kind"])
    assert lake.rows(TARGET) == rows_of(expected)


def test_merge_where_every_column_is_a_key(lake):
    start(lake, [(1, at(1)), (1, at(1)), (2, at(2))], columns={"id": "INT", "ts": "TIMESTAMP"})
    plan = append(["id", "ts"], match=["id", "ts"])
    lake.load(plan)
    assert lake.load(plan) == 0
    assert lake.rows(TARGET) == [(1, at(1)), (2, at(2))]


def test_columns_are_found_without_case(lake):
    start(lake, [(1, "a", 1, at(1))])
    lake.load(append(["ID", "Kind", "AMOUNT", "Ts"], "TS", match=["iD"]))
    assert lake.rows(TARGET) == [(1, "a", 1, at(1))]


def test_overwrite_and_bad_start_values_are_refused(lake):
    plan = append(COLUMNS)
    plan["target"]["write_mode"] = "overwrite"
    with pytest.raises(Refused) as refused:
        lake.render(plan)
    assert refused.value.codes == ["plan_write_mode"]
    for kind, value in [("timestamp", "0"), ("timestamp", "2020-13-01"), ("date", "x"), ("numeric", "1; DROP TABLE x"),
                        ("numeric", "2020-01-01"), ("timestamp", "2020-01-01') OR (1=1")]:
        with pytest.raises(Refused) as refused:
            lake.render(append(COLUMNS, kind=kind, initial=value))
        assert refused.value.codes == ["plan_watermark_value"]


def test_a_target_without_the_watermark_column_fails_and_does_not_load(lake):
    lake.create(SOURCE, EVENTS, [(1, "a", 1, at(1))])
    lake.create(TARGET, {"id": "INT", "kind": "STRING", "amount": "INT"})
    with pytest.raises(Exception):
        lake.load(append(COLUMNS))
    assert lake.rows(TARGET) == []
