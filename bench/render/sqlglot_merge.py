"""The same MERGE built with sqlglot's builders: microseconds per statement, best tenth of many, as JSON."""

import json
import sys
import time

from sqlglot import exp, select, to_identifier, to_table


def table(part):
    return exp.table_(part["table"], db=part["schema"], catalog=part["catalog"], quoted=True)


def column(name, alias=None):
    return exp.column(to_identifier(name, quoted=True), table=alias)


def build(plan):
    columns = plan["source"]["columns"]
    keys = plan["pattern_config"]["merge_keys"]
    others = [c for c in columns if c not in set(keys)]
    rank = exp.Window(
        this=exp.RowNumber(),
        partition_by=[column(k) for k in keys],
        order=exp.Order(expressions=[exp.Ordered(this=column(c), desc=True) for c in others]),
    )
    inner = select(*[column(c) for c in columns], exp.alias_(rank, "__n", quoted=True)).from_(table(plan["source"]))
    inner = inner.where(plan["source"]["filter"], dialect="databricks")
    source = select("*").from_(inner.subquery()).where(column("__n").eq(1)).subquery("s")
    same = exp.and_(*[exp.NullSafeEQ(this=column(c, "t"), expression=column(c, "s")) for c in others])
    update = exp.When(
        matched=True,
        condition=exp.not_(exp.paren(same, copy=False), copy=False),
        then=exp.Update(expressions=[exp.EQ(this=column(c), expression=column(c, "s")) for c in others]),
    )
    insert = exp.When(
        matched=False,
        then=exp.Insert(
            this=exp.Tuple(expressions=[column(c) for c in columns]),
            expression=exp.Tuple(expressions=[column(c, "s") for c in columns]),
        ),
    )
    on = exp.and_(*[exp.NullSafeEQ(this=column(k, "t"), expression=column(k, "s")) for k in keys])
    merge = exp.Merge(
        this=exp.alias_(table(plan["target"]), "t", table=True), using=source, on=on, whens=exp.Whens(expressions=[update, insert])
    )
    return merge.sql(dialect="databricks", copy=False)


def main():
    results = {}
    for name in sys.argv[1:]:
        with open(name, encoding="utf-8") as file:
            plan = json.load(file)
        times = []
        begin = time.perf_counter()
        while len(times) < 3 or (time.perf_counter() - begin < 1 and len(times) < 1000):
            start = time.perf_counter()
            text = build(plan)
            times.append((time.perf_counter() - start) * 1e6)
        times.sort()
        assert text.startswith("MERGE INTO") and text.count("IS NOT DISTINCT FROM") == len(plan["source"]["columns"])
        results[len(plan["source"]["columns"])] = times[len(times) // 10]
    print(json.dumps(results))


if __name__ == "__main__":
    main()
