"""Filters: what is let through does what it says, and everything else is refused."""

from datetime import datetime

import pytest

from lake import Refused
from plans import SOURCE, TARGET, append, full, scd2, snapshot, upsert

COLUMNS = {"id": "INT", "name": "STRING", "amount": "DECIMAL(10,2)", "ts": "TIMESTAMP", "größe": "INT", "order": "INT"}
ROWS = [
    (1, "paid", 10, datetime(2020, 1, 1), 1, 1),
    (2, "O'Brien", 20, datetime(1850, 1, 1), 2, 2),
    (3, 'say "x"', 30, datetime(2026, 1, 1), 3, 3),
    (4, "please DROP TABLE x; -- now", 40, None, 4, 4),
    (5, None, None, datetime(2020, 6, 1), None, None),
    (6, "back\\slash", 50, datetime(2020, 1, 1), 6, 6),
    (7, "50%", 60, datetime(2020, 1, 1), 7, 7),
]

GOOD = [
    ("id = 1 OR id = 3", [1, 3]),
    ("name = 'paid' or amount >= 50", [1, 6, 7]),
    ("name IS NULL OR name <> 'paid'", [2, 3, 4, 5, 6, 7]),
    ("name <=> NULL", [5]),
    ("name = 'O\\'Brien'", [2]),
    ("name = 'O''Brien'", [2]),
    ('name = "O\'Brien"', [2]),
    ("name = 'say \"x\"'", [3]),
    ("name = 'please DROP TABLE x; -- now'", [4]),
    ("name LIKE 'please%'", [4]),
    ("name LIKE '50\\%'", [7]),
    ("name = 'back\\\\slash'", [6]),
    ("name = r'back\\slash'", [6]),
    ("ts < TIMESTAMP'1900-01-01 00:00:00'", [2]),
    ("ts BETWEEN DATE'2020-01-01' AND DATE'2020-12-31' AND NOT id IN (5, 6)", [1, 7]),
    ("`order` = 2 OR `größe` = 3", [2, 3]),
    ("größe = 3", [3]),
    ("CASE WHEN id > 3 THEN name ELSE 'x' END = 'x'", [1, 2, 3]),
    ("CAST(id AS STRING) = '4' OR id::string = '5'", [4, 5]),
    ("coalesce(name, 'none') = 'none'", [5]),
    ("upper(substring(name, 1, 4)) = 'PAID'", [1]),
    ("year(ts) = 2020 AND extract(MONTH FROM ts) = 6", [5]),
    ("NOT (id > 1)", [1]),
    ("id % 2 = 0 AND id * 2 - 1 > 3 + 4", [6]),
    ("id IN (1,2)\n  AND\tid <> 1", [2]),
    ("ts > date_sub(DATE'2026-01-02', 3)", [3]),
    ("ts >= TIMESTAMP'2026-01-02 00:00:00' - INTERVAL '1' DAY", [3]),
    ("1=1", [1, 2, 3, 4, 5, 6, 7]),
    ("1=0", []),
    ("src.id = 1 OR main.raw.src.id = 2", [1, 2]),
]

BAD = [
    ("1=1; DROP TABLE IF EXISTS main.raw.victim", "filter_semicolon"),
    ("1=1 -- comment", "filter_comment"),
    ("1=1 /* comment */", "filter_comment"),
    ("1=1) OR (1=1", "filter_unbalanced"),
    ("1=1)", "filter_unbalanced"),
    ("(1=1", "filter_unbalanced"),
    ("1=1) UNION ALL SELECT * FROM main.raw.victim WHERE (1=1", "filter_unbalanced"),
    ("1=1 UNION ALL SELECT * FROM main.raw.victim", "filter_keyword"),
    ("id IN (SELECT id FROM main.raw.victim)", "filter_subquery"),
    ("EXISTS (SELECT 1 FROM main.raw.victim)", "filter_subquery"),
    ("name = 'x", "filter_unterminated"),
    ("name = 'x\\'", "filter_unterminated"),
    ("`id = 1", "filter_unterminated"),
    ("id = 1 GROUP BY id", "filter_keyword"),
    ("id = 1 ORDER BY id", "filter_keyword"),
    ("id = 1 LIMIT 1", "filter_keyword"),
    ("DROP TABLE main.raw.victim", "filter_keyword"),
    ("DELETE FROM main.raw.victim", "filter_keyword"),
    ("WHERE id = 1", "filter_keyword"),
    ("id = 1, id = 2", "filter_syntax"),
    ("id = ", "filter_syntax"),
    ("id == = 1", "filter_syntax"),
    ("id 1", "filter_syntax"),
    ("id = :p", "filter_parameter"),
    ("id = ?", "filter_parameter"),
    ("id = ${p}", "filter_character"),
    ("id = {{p}}", "filter_character"),
    ("row_number() OVER (ORDER BY id) = 1", "filter_keyword"),
    ("count(*) OVER () = 1", "filter_syntax"),
    ("max(id) OVER () = 1", "filter_window"),
    ("java_method('java.lang.System', 'exit') = 1", "filter_function"),
    ("secret('scope', 'key') = 'x'", "filter_function"),
    ("rand() < 0.5", "filter_not_repeatable"),
    ("id = 1\u2028", "filter_character"),
    ("id = 1\x00", "filter_character"),
    ("\u200bid = 1", "filter_character"),
]


@pytest.mark.parametrize("text, kept", GOOD)
def test_good_filters(lake, text, kept):
    lake.create(SOURCE, COLUMNS, ROWS)
    lake.schema(TARGET)
    lake.load(full(list(COLUMNS), filter=text))
    assert [r[0] for r in lake.rows(TARGET)] == kept
    lake.load(full(list(COLUMNS), {"filter_condition": text}))
    assert [r[0] for r in lake.rows(TARGET)] == kept


@pytest.mark.parametrize("text, code", BAD)
def test_bad_filters(renderer, text, code):
    columns = list(COLUMNS)
    for plan in (full(columns, filter=text), full(columns, {"filter_condition": text}), append(columns, filter=text),
                 append(columns, match=["id"], filter=text), upsert(columns, filter=text), scd2(columns, filter=text),
                 snapshot(columns, filter=text)):
        with pytest.raises(Refused) as refused:
            renderer(plan)
        assert refused.value.codes == [code]


def test_every_pattern_filters(lake):
    lake.create(SOURCE, COLUMNS, ROWS)
    columns = list(COLUMNS)
    for plan in (append(columns, "id", "numeric"), append(columns, "id", "numeric", match=["id"]), append(None, "id", "numeric"),
                 full(columns), full(), upsert(columns), upsert(), scd2(columns), snapshot(columns), snapshot()):
        plan["source"]["filter"] = "name = 'paid' OR id = 3"
        lake.schema(TARGET)
        lake.sql("DROP TABLE IF EXISTS main.mart.tgt")
        lake.setup(plan)
        lake.load(plan)
        lake.load(plan)
        assert [r[0] for r in lake.rows(TARGET, "id")] == [1, 3]


def test_an_empty_filter_is_none(lake):
    lake.create(SOURCE, COLUMNS, ROWS)
    lake.schema(TARGET)
    for text in ("", "   "):
        lake.load(full(list(COLUMNS), filter=text))
        assert len(lake.rows(TARGET)) == len(ROWS)


def test_filters_have_a_limit(renderer):
    with pytest.raises(Refused) as refused:
        renderer(full(["id"], filter="id = 1 OR " * 200 + "id = 2"))
    assert refused.value.codes == ["plan_too_long"]
    with pytest.raises(Refused) as refused:
        renderer(full(["id"], filter="(" * 400 + "1=1" + ")" * 400))
    assert refused.value.codes == ["filter_too_deep"]
