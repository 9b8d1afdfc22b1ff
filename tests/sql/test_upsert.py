import pytest

import model
from lake import Refused, ordered
from plans import SOURCE, TARGET, surrogate, upsert

PEOPLE = {"id": "INT", "name": "STRING", "city": "STRING"}
COLUMNS = list(PEOPLE)


def dicts(rows, columns=COLUMNS):
    return [dict(zip(columns, r)) for r in rows]


def rows_of(found, columns=COLUMNS):
    return ordered([tuple(d[c] for c in columns) for d in found])


def start(lake, source, target=(), columns=PEOPLE, target_columns=None):
    lake.create(SOURCE, columns, source)
    lake.create(TARGET, target_columns or columns, target)


@pytest.mark.parametrize("columns", [COLUMNS, None])
def test_first_run_rerun_changes(lake, columns):
    start(lake, [(1, "a", "x"), (2, "b", None), (None, "n", "y")])
    plan = upsert(columns)
    assert lake.load(plan) == 1
    assert lake.rows(TARGET) == ordered([(1, "a", "x"), (2, "b", None), (None, "n", "y")])
    assert lake.load(plan) == (0 if columns else 1)
    # A value that becomes NULL, a NULL that becomes a value, a key that is gone, a new key.
    lake.replace(SOURCE, [(1, None, "x"), (None, "n", None), (3, "c", "z")])
    lake.load(plan)
    assert lake.rows(TARGET) == ordered([(1, None, "x"), (2, "b", None), (3, "c", "z"), (None, "n", None)])


@pytest.mark.parametrize("columns", [COLUMNS, None])
def test_duplicates_in_the_source_give_one_row_always_the_same(lake, columns):
    source = [(1, "a", "x"), (1, "b", "w"), (1, None, "z"), (2, "c", None), (2, "c", None), (None, "d", "x"), (None, "e", "x")]
    start(lake, source)
    plan = upsert(columns)
    lake.load(plan)
    once = lake.rows(TARGET)
    assert [r[0] for r in once] == [None, 1, 2]
    if columns:
        assert once == rows_of(model.first(dicts(source), COLUMNS, ["id"]))
    assert set(once) <= set(source)
    lake.load(plan)
    assert lake.rows(TARGET) == once
    lake.replace(SOURCE, list(reversed(source)))
    lake.load(plan)
    assert lake.rows(TARGET) == once


@pytest.mark.parametrize("columns", [COLUMNS, None])
def test_update_columns_are_the_only_ones_updated(lake, columns):
    start(lake, [(1, "new", "new"), (2, "new", "new")], [(1, "old", "old")])
    plan = upsert(columns, config={"update_columns": ["city"]})
    lake.load(plan)
    assert lake.rows(TARGET) == [(1, "old", "new"), (2, "new", "new")]
    assert lake.load(plan) == 0


@pytest.mark.parametrize("columns", [COLUMNS, None])
def test_an_empty_list_of_update_columns_only_inserts(lake, columns):
    start(lake, [(1, "new", "new"), (2, "new", "new")], [(1, "old", "old")])
    lake.load(upsert(columns, config={"update_columns": []}))
    assert lake.rows(TARGET) == [(1, "old", "old"), (2, "new", "new")]


def test_all_columns_are_keys(lake):
    start(lake, [(1, "a", "x"), (1, "a", "x"), (1, "a", None), (None, None, None)])
    plan = upsert(COLUMNS, COLUMNS)
    lake.load(plan)
    assert lake.rows(TARGET) == ordered([(1, "a", "x"), (1, "a", None), (None, None, None)])
    assert lake.load(plan) == 0


def test_composite_keys_with_nulls(lake):
    source = [(1, None, "s1"), (1, "a", "s2"), (None, "a", "s3"), (None, None, "s4"), (2, None, "s5")]
    target = [(1, None, "t1"), (None, None, "t4"), (9, None, "t9")]
    start(lake, source, target)
    plan = upsert(COLUMNS, ["id", "name"])
    lake.load(plan)
    assert lake.rows(TARGET) == rows_of(model.upsert(dicts(source), dicts(target), COLUMNS, ["id", "name"]))
    assert lake.load(plan) == 0


def test_other_column_order_and_extra_columns(lake):
    start(lake, [(1, "a", "x", 7)], [("keep", "old", "old", 1)], columns={**PEOPLE, "extra": "INT"},
          target_columns={"only_target": "STRING", "city": "STRING", "name": "STRING", "id": "INT"})
    lake.insert(SOURCE, [(2, "b", "y", 8)])
    lake.load(upsert(COLUMNS))
    assert lake.rows(TARGET) == ordered([("keep", "x", "a", 1), (None, "y", "b", 2)])


def test_no_columns_other_order_and_an_extra_source_column(lake):
    start(lake, [(1, "a", "x", 7), (1, "b", "x", 7)], [("old", "old", 1)], columns={**PEOPLE, "extra": "INT"},
          target_columns={"city": "STRING", "name": "STRING", "id": "INT"})
    lake.load(upsert())
    assert lake.rows(TARGET) == [("x", "b", 1)]


def test_helper_names_make_room_for_columns_that_have_them(lake):
    columns = {"id": "INT", "__gh_n": "STRING", "__GH1_N": "STRING"}
    start(lake, [(1, "a", "b"), (1, "c", "d")], columns=columns)
    lake.load(upsert(list(columns)))
    assert lake.rows(TARGET) == [(1, "c", "d")]


def test_empty_source_and_filter(lake):
    start(lake, [(1, "a", "x"), (2, "b", "y"), (3, "c", "z")], [(9, "k", "k")])
    assert lake.load(upsert(COLUMNS, filter="id > 100")) == 0
    lake.load(upsert(COLUMNS, filter="id = 1 OR city = 'z'"))
    assert [r[0] for r in lake.rows(TARGET)] == [1, 3, 9]


@pytest.mark.parametrize("columns", [COLUMNS, None])
def test_missing_target(lake, columns):
    lake.create(SOURCE, PEOPLE, [(1, "a", "x")])
    lake.schema(TARGET)
    plan = upsert(columns, partition_by=["city"])
    lake.setup(plan)
    lake.load(plan)
    lake.setup(plan)
    assert lake.rows(TARGET) == [(1, "a", "x")]


def test_preview(lake):
    start(lake, [(1, "a", "x"), (2, "b", "y"), (3, "c", "z"), (3, "d", "z")], [(1, "a", "x"), (2, "old", "y"), (8, "k", "k")])
    found = lake.preview(upsert(COLUMNS))
    assert found == {"rows_to_insert": 1, "rows_to_update": 1, "rows_unchanged": 1, "keys_with_duplicates": 1, "rows_not_taken": 1}
    found = lake.preview(upsert())
    assert (found["rows_to_insert"], found["rows_to_update"]) == (1, 2)
    deleting = upsert(COLUMNS, config={"hard_deletes": "delete"}, version="1.1", filter="id <> 1")
    assert lake.preview(deleting)["rows_to_delete"] == 2


def test_hard_deletes_only_when_asked(lake):
    start(lake, [(1, "a", "x"), (2, "b", "y")], [(1, "old", "x"), (3, "gone", "z"), (None, "gone", None)])
    plan = upsert(COLUMNS, config={"hard_deletes": "delete"}, version="1.1")
    lake.load(plan)
    assert lake.rows(TARGET) == [(1, "a", "x"), (2, "b", "y")]
    assert lake.load(plan) == 0


def test_duplicates_can_stop_the_run(lake):
    start(lake, [(1, "a", "x"), (1, "b", "x")], [(0, "k", "k")])
    for columns in (COLUMNS, None):
        plan = upsert(columns, config={"duplicate_keys": "fail"}, version="1.1")
        with pytest.raises(Exception, match="duplicate key"):
            lake.load(plan)
        assert lake.rows(TARGET) == [(0, "k", "k")]
    lake.replace(SOURCE, [(1, "a", "x")])
    for columns in (COLUMNS, None):
        lake.load(upsert(columns, config={"duplicate_keys": "fail"}, version="1.1"))
        assert lake.rows(TARGET) == [(0, "k", "k"), (1, "a", "x")]


@pytest.mark.parametrize("columns", [COLUMNS, None])
def test_order_by_chooses_among_duplicates(lake, columns):
    start(lake, [(1, "a", "z"), (1, "b", "y"), (1, "c", None)])
    for direction, name in (("asc", "b"), ("desc", "a")):
        order = [{"column": "city", "direction": direction}]
        lake.load(upsert(columns, config={"order_by": order}, version="1.1"))
        assert lake.rows(TARGET, "name") == [(name,)]


def test_nested_values(lake):
    columns = {"id": "INT", "a": "ARRAY<INT>", "s": "STRUCT<x: INT, y: STRING>"}
    lake.create(SOURCE, columns)
    lake.create(TARGET, columns)
    lake.sql("INSERT INTO main.raw.src SELECT 1, array(1, 2), named_struct('x', 1, 'y', 'a')")
    lake.sql("INSERT INTO main.raw.src SELECT 1, array(1, 3), named_struct('x', 1, 'y', 'b')")
    plan = upsert(list(columns))
    lake.load(plan)
    assert lake.load(plan) == 0
    assert len(lake.rows(TARGET)) == 1


def test_refusals(lake):
    for plan, code in [
        (upsert(COLUMNS, []), "plan_empty_list"),
        (upsert(COLUMNS, ["nope"]), "plan_column_not_in_source"),
        (upsert(COLUMNS, ["id", "ID"]), "plan_duplicate_column"),
        (upsert(COLUMNS + ["ID"]), "plan_duplicate_column"),
        (upsert(COLUMNS, config={"hard_deletes": "delete"}), "plan_key_needs_1_1"),
        (upsert(COLUMNS, source=("MAIN", "mart", "TGT")), "plan_source_is_target"),
        (upsert([]), "plan_empty_list"),
        (upsert(["id", "a\nb"]), "plan_name_character"),
        (upsert(["id", ""]), "plan_name_empty"),
    ]:
        with pytest.raises(Refused) as refused:
            lake.render(plan)
        assert refused.value.codes == [code]


def keyed(lake, plan, source):
    lake.create(SOURCE, PEOPLE, source)
    lake.schema(TARGET)
    lake.setup(plan)
    lake.load(plan)


def test_surrogate_keys_go_on(lake):
    plan = surrogate(COLUMNS)
    keyed(lake, plan, [(5, "a", "x"), (3, "b", "y"), (3, "c", "y"), (None, "n", "z")])
    assert lake.rows(TARGET, "sk", "id") == [(1, None), (2, 3), (3, 5)]
    assert lake.load(plan) == 0
    lake.replace(SOURCE, [(1, "d", "x"), (5, "changed", "x"), (4, "e", "x")])
    lake.load(plan)
    assert lake.rows(TARGET, "sk", "id") == [(1, None), (2, 3), (3, 5), (4, 1), (5, 4)]
    assert ("a",) in lake.rows(TARGET, "name")


def test_surrogate_key_with_updates(lake):
    plan = surrogate(COLUMNS, config={"update_columns": ["name"]})
    keyed(lake, plan, [(5, "a", "x"), (3, "b", "y")])
    lake.replace(SOURCE, [(1, "d", "x"), (5, "changed", "changed")])
    lake.load(plan)
    assert lake.rows(TARGET, "sk", "id", "name", "city") == [(1, 3, "b", "y"), (2, 5, "changed", "x"), (3, 1, "d", "x")]
    assert lake.load(plan) == 0


def test_surrogate_hash_tells_keys_apart(lake):
    plan = surrogate(COLUMNS, ["name", "city"], {"key_method": "hash"})
    keyed(lake, plan, [(1, "a", "bc"), (2, "ab", "c"), (3, "", None), (4, None, ""), (5, None, None), (6, "n", "n"), (7, "a", "1:n")])
    found = lake.rows(TARGET, "sk", "id")
    assert len(found) == 7 and len({sk for sk, _ in found}) == 7
    assert all(len(sk) == 64 for sk, _ in found)
    assert lake.load(plan) == 0
    assert lake.rows(TARGET, "sk", "id") == found
