from datetime import date, datetime

import pytest

import model
from lake import Refused, ordered
from plans import SOURCE, TARGET, aggregate, snapshot

STOCK = {"sku": "STRING", "qty": "INT"}
COLUMNS = list(STOCK)
DATED = {**STOCK, "snapshot_date": "DATE"}
FORMS = [(), ("--target-columns", '["sku", "qty", "snapshot_date"]')]


def on(day):
    return ("--snapshot-date", date(2026, 1, day).isoformat())


def dicts(rows, columns=COLUMNS):
    return [dict(zip(columns, r)) for r in rows]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("columns", [COLUMNS, None])
def test_a_date_is_replaced_and_others_are_kept(lake, form, columns):
    lake.create(SOURCE, STOCK, [("a", 1), ("b", None), (None, 3), ("a", 1)])
    lake.create(TARGET, DATED)
    plan = snapshot(columns)
    expected = []
    for day, rows in [(15, [("a", 1), ("b", None), (None, 3), ("a", 1)]), (16, [("a", 2), ("c", 1)]), (16, [("a", 3)]), (15, [("z", 0)])]:
        lake.replace(SOURCE, rows)
        found = lake.preview(plan, *on(day))
        gone = sum(1 for r in expected if r["snapshot_date"] == date(2026, 1, day))
        assert found == {"rows_to_insert": len(rows), "rows_to_delete": gone}
        for _ in range(2):
            assert lake.load(plan, *on(day), *form) == 1
            if _ == 0:
                expected = model.snapshot(dicts(rows), expected, "snapshot_date", date(2026, 1, day))
            assert lake.rows(TARGET) == ordered([(r["sku"], r["qty"], r["snapshot_date"]) for r in expected])


def test_rows_without_a_date_are_not_touched(lake):
    lake.create(SOURCE, STOCK, [("a", 1)])
    lake.create(TARGET, DATED, [("x", 9, None), ("old", 1, date(2026, 1, 16))])
    lake.load(snapshot(COLUMNS), *on(16))
    assert lake.rows(TARGET) == ordered([("x", 9, None), ("a", 1, date(2026, 1, 16))])


@pytest.mark.parametrize("form", [(), ("--target-columns", '["extra", "Snapshot_Date", "qty", "sku"]')])
def test_other_order_and_extra_columns(lake, form):
    lake.create(SOURCE, {"only_source": "INT", **STOCK}, [(7, "a", 1)])
    lake.create(TARGET, {"extra": "STRING", "snapshot_date": "DATE", "qty": "INT", "sku": "STRING"})
    lake.load(snapshot(COLUMNS), *on(16), *form)
    lake.load(snapshot(COLUMNS), *on(16), *form)
    assert lake.rows(TARGET) == [(None, date(2026, 1, 16), 1, "a")]


def test_two_columns_of_one_type_in_another_order(lake):
    lake.create(SOURCE, {"first": "STRING", "last": "STRING"}, [("Ada", "Lovelace")])
    lake.create(TARGET, {"d": "DATE", "last": "STRING", "first": "STRING"})
    lake.load(snapshot(["first", "last"], "d"), *on(16))
    assert lake.rows(TARGET) == [(date(2026, 1, 16), "Lovelace", "Ada")]
    lake.load(snapshot(None, "d"), *on(17))
    assert (date(2026, 1, 17), "Lovelace", "Ada") in lake.rows(TARGET)


def test_a_timestamp_column_takes_the_date(lake):
    lake.create(SOURCE, STOCK, [("a", 1)])
    lake.create(TARGET, {**STOCK, "snapshot_date": "TIMESTAMP"})
    lake.load(snapshot(COLUMNS), *on(16))
    lake.load(snapshot(COLUMNS), *on(16))
    assert lake.rows(TARGET) == [("a", 1, datetime(2026, 1, 16))]


def test_dates_from_the_run(lake):
    lake.create(SOURCE, STOCK, [("a", 1)])
    lake.create(TARGET, DATED)
    plan = snapshot(COLUMNS)
    lake.load(plan, "--run-time", "2026-01-16T23:30:00-02:00")
    assert lake.rows(TARGET, "snapshot_date") == [(date(2026, 1, 17),)]
    lake.load(plan, "--parameters", snapshot_date="2026-01-18")
    assert len(lake.rows(TARGET)) == 2
    (today,) = lake.sql("SELECT current_date()")[0]
    lake.load(plan)
    lake.load(plan)
    assert lake.rows(TARGET, "snapshot_date") == ordered([(date(2026, 1, 17),), (date(2026, 1, 18),), (today,)])


@pytest.mark.parametrize("columns", [COLUMNS, None])
def test_missing_target_and_empty_source(lake, columns):
    lake.create(SOURCE, STOCK, [("a", 1)])
    lake.schema(TARGET)
    plan = snapshot(columns, config={"partition_columns": ["snapshot_date"]})
    lake.setup(plan)
    lake.load(plan, *on(15))
    lake.load(plan, *on(16))
    assert len(lake.rows(TARGET)) == 2
    lake.replace(SOURCE, [])
    lake.load(plan, *on(16))
    assert lake.rows(TARGET) == [("a", 1, date(2026, 1, 15))]


def test_filter(lake):
    lake.create(SOURCE, STOCK, [("a", 1), ("b", 2), ("c", None)])
    lake.create(TARGET, DATED, [("keep", 0, date(2026, 1, 15))])
    lake.load(snapshot(COLUMNS, filter="sku = 'a' OR qty IS NULL"), *on(16))
    assert lake.rows(TARGET, "sku") == [("a",), ("c",), ("keep",)]


def test_by_name_form_only_when_the_warehouse_takes_it(lake):
    text = lake.render(snapshot(COLUMNS), "--by-name", *on(16))
    assert "BY NAME\nREPLACE WHERE `snapshot_date` = DATE'2026-01-16'\nSELECT" in text
    assert "BY NAME" not in lake.render(snapshot(COLUMNS), "--by-name")


def test_write_modes_and_refusals(lake):
    for mode in ("append", "overwrite", "merge"):
        plan = snapshot(COLUMNS)
        plan["target"]["write_mode"] = mode
        lake.render(plan)
    for plan, code in [
        (snapshot(COLUMNS + ["snapshot_date"]), "plan_column_in_source"),
        (snapshot(COLUMNS, config={"partition_columns": ["nope"]}), "plan_column_not_written"),
        (snapshot(COLUMNS, target=SOURCE), "plan_source_is_target"),
    ]:
        with pytest.raises(Refused) as refused:
            lake.render(plan)
        assert refused.value.codes == [code]


EVENTS = {"kind": "STRING", "amount": "INT", "ts": "TIMESTAMP"}


def at(day, hour=0, month=1):
    return datetime(2026, month, day, hour)


def test_aggregates_are_computed_again(lake):
    lake.create(SOURCE, EVENTS, [("a", 1, at(1)), ("a", 2, at(1, 5)), ("b", None, at(2)), (None, 4, at(2)), ("a", 8, None)])
    lake.schema(TARGET)
    config = {
        "group_by": ["kind"],
        "time_bucket": {"column": "ts", "grain": "day", "as": "day"},
        "aggregates": [
            {"function": "count", "as": "n"},
            {"function": "count", "column": "amount", "as": "with_amount"},
            {"function": "count_distinct", "column": "amount", "as": "different"},
            {"function": "sum", "column": "amount", "as": "total"},
            {"function": "min", "column": "amount", "as": "low"},
            {"function": "max", "column": "amount", "as": "high"},
        ],
    }
    plan = aggregate(config)
    lake.setup(plan)
    first = ordered([("a", date(2026, 1, 1), 2, 2, 2, 3, 1, 2), ("b", date(2026, 1, 2), 1, 0, 0, None, None, None),
                     (None, date(2026, 1, 2), 1, 1, 1, 4, 4, 4), ("a", None, 1, 1, 1, 8, 8, 8)])
    lake.load(plan)
    assert lake.rows(TARGET) == first
    assert lake.load(plan) == 0
    # One group changes, one is gone, one is new.
    lake.replace(SOURCE, [("a", 1, at(1)), ("b", None, at(2)), (None, 4, at(2)), ("a", 8, None), ("c", 1, at(3))])
    assert lake.preview(plan) == {"groups_to_insert": 1, "groups_to_update": 1, "groups_to_delete": 0}
    lake.replace(SOURCE, [("a", 1, at(1)), (None, 4, at(2)), ("c", 1, at(3))])
    assert lake.preview(plan)["groups_to_delete"] == 2
    lake.load(plan)
    assert lake.rows(TARGET, "kind", "day", "n") == ordered([("a", date(2026, 1, 1), 1), (None, date(2026, 1, 2), 1), ("c", date(2026, 1, 3), 1)])


@pytest.mark.parametrize("grain, first_kept", [("hour", at(14)), ("day", date(2026, 1, 14)), ("week", date(2026, 1, 12)), ("month", date(2026, 1, 1)),
                                   ("quarter", date(2026, 1, 1)), ("year", date(2026, 1, 1))])
def test_a_window_computes_whole_buckets_and_leaves_older_ones(lake, grain, first_kept):
    lake.create(SOURCE, EVENTS, [("a", 1, at(n)) for n in range(1, 17)])
    lake.schema(TARGET)
    bucket = {"column": "ts", "grain": grain, "as": "bucket"}
    config = {"time_bucket": bucket, "aggregates": [{"function": "sum", "column": "amount", "as": "total"}], "refresh_days": 2}
    plan = aggregate(config)
    lake.setup(plan)
    lake.load(plan, "--snapshot-date", "2026-01-16")
    everything = sum(r[1] for r in lake.rows(TARGET))
    assert min(r[0] for r in lake.rows(TARGET)) == first_kept
    assert everything == len([n for n in range(1, 17) if date(2026, 1, n) >= (first_kept.date() if isinstance(first_kept, datetime) else first_kept)])
    # Older buckets stay, also when the source forgets them.
    lake.sql("INSERT INTO main.mart.tgt SELECT " + ("TIMESTAMP'2020-01-01 00:00:00'" if grain == "hour" else "DATE'2020-01-01'") + ", CAST(77 AS BIGINT)")
    lake.replace(SOURCE, [("a", 5, at(16))])
    lake.load(plan, "--snapshot-date", "2026-01-16")
    assert [r[1] for r in lake.rows(TARGET)] == [77, 5]


def test_groups_without_time(lake):
    lake.create(SOURCE, EVENTS, [("a", 1, at(1)), ("b", 2, at(1))])
    lake.schema(TARGET)
    plan = aggregate({"group_by": ["kind"], "aggregates": [{"function": "avg", "column": "amount", "as": "mean"}]}, filter="amount < 2 OR kind = 'b'")
    lake.setup(plan)
    lake.load(plan)
    assert lake.rows(TARGET) == [("a", 1.0), ("b", 2.0)]
