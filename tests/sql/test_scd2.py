from datetime import datetime

import pytest

import model
from lake import Refused, ordered
from plans import SOURCE, TARGET, scd2

PEOPLE = {"id": "INT", "name": "STRING", "city": "STRING"}
COLUMNS = list(PEOPLE)
SYSTEM = {"valid_from": "TIMESTAMP", "valid_to": "TIMESTAMP", "is_current": "BOOLEAN"}
END = datetime(9999, 12, 31, 23, 59, 59)
ALL = COLUMNS + list(SYSTEM)


def now(n):
    return datetime(2026, 1, n, 2, 30, 0, 123456)


def run_time(n):
    return ("--run-time", now(n).isoformat() + "Z")


def dicts(rows, columns=COLUMNS):
    return [dict(zip(columns, r)) for r in rows]


def rows_of(found, columns=ALL):
    return ordered([tuple(d[c] for c in columns) for d in found])


def start(lake, source, target=(), target_columns=None):
    lake.create(SOURCE, PEOPLE, source)
    lake.create(TARGET, target_columns or {**PEOPLE, **SYSTEM}, target)


def healthy(rows, keys=("id",)):
    """One current version per key at most, no gap, no overlap."""
    chains = {}
    for row in rows:
        chains.setdefault(tuple(row[k] for k in keys), []).append(row)
    for chain in chains.values():
        chain.sort(key=lambda r: (r["valid_from"], r["valid_to"]))
        assert sum(1 for r in chain if r["is_current"]) <= 1
        for before, after in zip(chain, chain[1:]):
            assert before["valid_to"] == after["valid_from"], chain
            assert not before["is_current"]


HISTORY = [
    [(1, "a", "x"), (2, "b", None), (None, "n", "y")],
    [(1, "a", "x"), (2, "b", None), (None, "n", "y")],
    [(1, "B", "x"), (2, None, "z"), (None, "n", None)],
    [(1, "a", "x"), (3, "new", "q")],
    [],
    [(1, "a", "x"), (1, "b", "y"), (2, "b", "v"), (None, "n", "y"), (None, "n", "y")],
    [(1, None, None), (1, "b", "y"), (2, "b", "v")],
]


@pytest.mark.parametrize("compare", [None, ["name"], ["city", "NAME"], []])
@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("keys", [["id"], ["id", "city"]])
def test_a_history_equals_the_model(lake, compare, known, keys):
    if not known and compare is None:
        pytest.skip("needs one of the two")
    if keys == ["id", "city"] and compare == ["city", "NAME"]:
        compare = ["NAME"]
    start(lake, [])
    expected = []
    plan = scd2(COLUMNS if known else None, keys, {} if compare is None else {"compare_columns": compare})
    for n, source in enumerate(HISTORY, 1):
        if not known:
            # Which of two duplicates is taken is decided by another order without names.
            source = model.first(dicts(source), COLUMNS, keys)
            source = [tuple(r[c] for c in COLUMNS) for r in source]
        lake.replace(SOURCE, source)
        model_compare = None if compare is None else [c.lower() for c in compare]
        expected = model.scd2(dicts(source), expected, COLUMNS, keys, now(n), END, model_compare)
        lake.load(plan, *run_time(n))
        assert lake.rows(TARGET) == rows_of(expected), n
        healthy(lake.dicts(TARGET), keys)
        # The same again, now and later, changes nothing.
        lake.load(plan, *run_time(n))
        assert lake.load(plan, *run_time(n + 1)) == 0
        assert lake.rows(TARGET) == rows_of(expected), n


def test_a_b_a(lake):
    start(lake, [(1, "A", "x")])
    plan = scd2(COLUMNS)
    for n, name in enumerate(["A", "B", "A"], 1):
        lake.replace(SOURCE, [(1, name, "x")])
        lake.load(plan, *run_time(n))
    assert lake.rows(TARGET, "name", "valid_from", "valid_to", "is_current") == ordered([
        ("A", now(1), now(2), False), ("B", now(2), now(3), False), ("A", now(3), END, True)])


def test_without_a_run_time_both_ends_meet_too(lake):
    start(lake, [(1, "A", "x")])
    plan = scd2(COLUMNS)
    lake.load(plan)
    lake.replace(SOURCE, [(1, "B", "x")])
    lake.load(plan)
    lake.load(plan)
    rows = lake.dicts(TARGET)
    assert len(rows) == 2
    healthy(rows)


def test_run_time_as_a_parameter(lake):
    start(lake, [(1, "A", "x")])
    lake.load(scd2(COLUMNS), "--parameters", run_time="2026-01-01T02:30:00.123456Z")
    assert lake.rows(TARGET, "valid_from") == [(now(1),)]


def test_own_names_and_end(lake):
    columns = {"from": "TIMESTAMP", "id": "INT", "current": "BOOLEAN", "city": "STRING", "to": "TIMESTAMP", "name": "STRING", "extra": "INT"}
    start(lake, [(1, "a", "x")], target_columns=columns)
    plan = scd2(COLUMNS, config={"effective_date_column": "from", "end_date_column": "to",
                                 "current_flag_column": "current", "end_date_default": "2999-01-01"})
    lake.load(plan, *run_time(1))
    lake.replace(SOURCE, [(1, "b", "x")])
    lake.load(plan, *run_time(2))
    assert lake.rows(TARGET) == ordered([
        (now(1), 1, False, "x", now(2), "a", None), (now(2), 1, True, "x", datetime(2999, 1, 1), "b", None)])


def test_history_that_is_there_is_kept(lake):
    old = (1, "old", "x", now(1), now(2), False)
    start(lake, [(1, "new", "x")], [old, (1, "mid", "x", now(2), END, True), (2, "gone", "x", now(1), END, True)])
    lake.load(scd2(COLUMNS), *run_time(5))
    assert lake.rows(TARGET) == ordered([old, (1, "mid", "x", now(2), now(5), False), (1, "new", "x", now(5), END, True),
                                         (2, "gone", "x", now(1), END, True)])


def test_a_key_that_came_back_gets_a_new_current_version(lake):
    start(lake, [(1, "a", "x")], [(1, "a", "x", now(1), now(2), False)])
    lake.load(scd2(COLUMNS), *run_time(5))
    assert len(lake.rows(TARGET)) == 2


@pytest.mark.parametrize("columns", [COLUMNS, None])
def test_missing_target(lake, columns):
    lake.create(SOURCE, PEOPLE, [(1, "a", "x")])
    lake.schema(TARGET)
    plan = scd2(columns, config={"compare_columns": ["name", "city"]})
    lake.setup(plan)
    lake.load(plan, *run_time(1))
    assert lake.rows(TARGET) == [(1, "a", "x", now(1), END, True)]


def test_missing_keys_are_closed_only_when_asked(lake):
    start(lake, [(1, "a", "x"), (2, "b", "y"), (None, "n", "z")])
    plan = scd2(COLUMNS, config={"hard_deletes": "close"}, version="1.1", filter="id IS NULL OR id < 10")
    lake.load(plan, *run_time(1))
    lake.replace(SOURCE, [(1, "changed", "x")])
    found = lake.preview(plan)
    assert (found["new_keys"], found["versions_to_close"], found["versions_to_open"], found["versions_to_close_for_good"]) == (0, 1, 1, 2)
    lake.load(plan, *run_time(2))
    expected = model.scd2(dicts([(1, "a", "x"), (2, "b", "y"), (None, "n", "z")]), [], COLUMNS, ["id"], now(1), END)
    expected = model.scd2(dicts([(1, "changed", "x")]), expected, COLUMNS, ["id"], now(2), END, close_missing=True)
    assert lake.rows(TARGET) == rows_of(expected)
    assert lake.load(plan, *run_time(3)) == 0


def test_preview_and_trouble_that_is_there(lake):
    start(lake, [(1, "a", "x"), (2, "b", "y"), (3, "c", "z")],
          [(1, "a", "x", now(1), END, True), (2, "old", "y", now(1), END, True),
           (8, "p", "q", now(1), END, True), (8, "r", "q", now(9), END, True)])
    found = lake.preview(scd2(COLUMNS), *run_time(5))
    assert (found["new_keys"], found["versions_to_close"], found["versions_to_open"]) == (1, 1, 2)
    assert (found["keys_with_several_current_versions"], found["current_versions_after_the_run_time"]) == (1, 1)


def test_refusals(lake):
    no_columns = scd2(COLUMNS)
    del no_columns["source"]["columns"]
    wrong_mode = scd2(COLUMNS)
    wrong_mode["target"]["write_mode"] = "append"
    for plan, codes in [
        (no_columns, ["plan_columns_needed"]),
        (wrong_mode, ["plan_write_mode"]),
        (scd2(COLUMNS + ["valid_from"]), ["plan_column_in_source"]),
        (scd2(COLUMNS, config={"end_date_default": "tomorrow"}), ["plan_end_date"]),
        (scd2(COLUMNS, config={"current_flag_column": "valid_to"}), ["plan_duplicate_column"]),
        (scd2(COLUMNS, config={"compare_columns": ["nope"]}), ["plan_column_not_in_source"]),
        (scd2(None, config={"compare_columns": ["name"], "hard_deletes": "close"}, version="1.1"), ["plan_columns_needed"]),
    ]:
        with pytest.raises(Refused) as refused:
            lake.render(plan)
        assert refused.value.codes == codes
    with pytest.raises(Refused) as refused:
        lake.render(scd2(COLUMNS), "--run-time", "2026-01-01 00:00:00")
    assert refused.value.codes == ["sql_run_time_offset"]
