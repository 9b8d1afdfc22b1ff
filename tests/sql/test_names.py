"""Names that need quoting, in every place of every pattern."""

import pytest

from lake import Refused, ordered, quote
from names import NAMES as COLUMNS
from plans import aggregate, append, deduplicate, full, scd2, snapshot, surrogate, upsert

TABLES = [
    ("lake-house", "raw-zone", "events-raw"),
    ("main", "2024", "2025"),
    ("main", "select", "table"),
    ("Ünïcode", "größe", "日本語"),
    ("2024", "we`ird", "it's`\"x\""),
    ("main", "a;b", "(c)--d"),
    ("main", "s", "$t{x}"),
    ("main", "s", "from,where"),
]


def other(table):
    """A target beside the source. Sail 0.7.2 cannot rewrite a Delta table whose own name is not ASCII (its path has
    percent signs), so that name is plain; catalog and schema are not."""
    return table[:2] + ((table[2] if table[2].isascii() else "plain") + "_t",)


def plans_for(column, source, target):
    where = {"source": source, "target": target, "filter": f"{quote(column)} IS NOT NULL OR id > 0"}
    columns = ["id", column]
    yield append(columns, column, "numeric", match=None, **where)
    yield append(columns, "id", "numeric", match=[column], **where)
    yield append(None, column, "numeric", match=[column], **where)
    yield full(columns, **where)
    yield upsert(columns, [column], **where)
    yield upsert(columns, ["id"], **where)
    yield upsert(None, [column], {"update_columns": ["id"]}, **where)
    yield scd2(columns, [column], **where)
    yield scd2(columns, ["id"], {"compare_columns": [column]}, **where)
    yield scd2(["id"], ["id"], {"effective_date_column": column + "1", "end_date_column": column + "2", "current_flag_column": column}, source=source, target=target)
    yield snapshot(columns, column + "d", **where)
    yield snapshot(["id"], column, source=source, target=target)
    yield surrogate(columns, [column], **where)
    yield surrogate(["id"], ["id"], {"surrogate_key_column": column, "key_method": "hash"}, source=source, target=target)
    yield deduplicate(columns, [column], [("id", "asc")], **where)
    yield deduplicate(None, ["id"], [(column, "desc")], **where)
    yield aggregate({"group_by": [column], "aggregates": [{"function": "max", "column": column, "as": column + "m"}]}, **where)


def run(lake, source, target, column, part=None):
    for n, plan in enumerate(plans_for(column, source, target)):
        if part is not None and n % 3 != part % 3:
            continue
        lake.sql(f"DROP TABLE IF EXISTS {'.'.join(map(quote, target))}")
        lake.setup(plan)
        for statement in lake.render(plan, "checks"):
            assert lake.sql(statement["sql"]) in ([(True,)], []), n
        lake.preview(plan) if lake.render(plan, "setup") else None
        lake.load(plan)
        lake.load(plan)
        assert len(lake.rows(target)) == 2, (n, column, lake.render(plan))
        lake.sql(lake.render(plan, "explain"))


@pytest.mark.parametrize("column", COLUMNS)
def test_columns(lake, column):
    source, target = ("main", "raw", "src"), ("main", "mart", "tgt")
    lake.create(source, {"id": "INT", column: "INT"}, [(1, 10), (2, 20)])
    lake.schema(target)
    # All patterns with the worst name, a third of them with each other name.
    run(lake, source, target, column, None if column == "we`ird" else COLUMNS.index(column))


@pytest.mark.parametrize("table", TABLES)
def test_tables(lake, table):
    lake.create(table, {"id": "INT", "x": "INT"}, [(1, 10), (2, 20)])
    run(lake, table, other(table), "x")


@pytest.mark.parametrize("place", ["catalog", "schema", "table"])
@pytest.mark.parametrize("name, code", [
    ("a.b", "plan_name_character"), ("a b", "plan_name_character"), ("a/b", "plan_name_character"),
    ("a\nb", "plan_name_character"), ("a\tb", "plan_name_character"), ("a\x7fb", "plan_name_character"),
    ("", "plan_name_empty"), ("x" * 256, "plan_name_too_long"), (None, "plan_wrong_type"), (7, "plan_wrong_type")])
def test_names_that_are_none(renderer, place, name, code):
    for part in ("source", "target"):
        plan = full(["id"])
        plan[part][place] = name
        with pytest.raises(Refused) as refused:
            renderer(plan)
        assert refused.value.codes == [code]


@pytest.mark.parametrize("name", ["ts\n; DROP TABLE IF EXISTS x; --", "a\rb", "\x00", "a\u0085b"])
def test_control_characters_in_columns(renderer, name):
    for plan in (append(None, name), upsert(["id", name]), snapshot(["id"], name), scd2(["id"], config={"end_date_column": name})):
        with pytest.raises(Refused) as refused:
            renderer(plan)
        assert refused.value.codes == ["plan_name_character"]


def test_a_newline_in_metadata_never_reaches_the_text(lake):
    """Refused or harmless: nothing of a plan can end the header comment."""
    lake.create(("main", "raw", "src"), {"id": "INT"}, [(1,)])
    lake.create(("main", "raw", "victim"), {"id": "INT"}, [(7,)])
    lake.schema(("main", "mart", "tgt"))
    evil = "x\n; DROP TABLE main.raw.victim; --\r\u2028\u0085\\\n"
    for place in ["plan_id", "plan_name", "version", "owner", "description", "created_at"]:
        plan = full(["id"])
        plan["plan_metadata"][place] = evil
        try:
            lake.load(plan)
        except Refused:
            pass
    plan = full(["id"])
    plan["plan_metadata"]["tags"] = {"genie_session_id": evil}
    text = lake.render(plan)
    header, statement = text.split("CREATE OR REPLACE", 1)
    assert all(line.startswith("-- ") for line in header.strip().split("\n"))
    assert "genie session: x?; DROP TABLE" in header and "DROP" not in statement
    lake.load(plan)
    assert lake.rows(("main", "mart", "tgt")) == [(1,)]
    assert lake.rows(("main", "raw", "victim")) == ordered([(7,)])
