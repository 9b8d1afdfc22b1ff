"""Renders many plans and has Spark's parser read every statement; also broken ones, to see that it looks."""

import json
import subprocess
import sys

from pyspark.sql import SparkSession

import plans
from names import FILTERS, NAMES

COLUMNS = ["id", "name", "ts"]


def variants():
    """Plans with options: every pattern, every option, awkward names, accepted filters."""
    for columns in (COLUMNS, None):
        for extra in ({}, {"filter": "id > 1 OR name = 'it\\'s'"}):
            yield plans.append(columns, initial="1850-01-01 00:00:00", **extra)
            yield plans.append(columns, "id", "numeric", "-5", ["name"], **extra)
            yield plans.append(columns, "ts", "date", "1899-12-31", **extra)
            yield plans.full(columns, {"table_properties": {"a'b": "c\\d\ne"}, "partition_columns": ["name"], "refresh_mode": "staging"}, **extra)
            yield plans.full(columns, {"cluster_columns": ["name", "id"], "filter_condition": "name IS NULL"}, **extra)
            yield plans.full(columns, {"table_format": "iceberg"}, **extra)
            yield plans.upsert(columns, **extra)
            yield plans.upsert(columns, ["id", "ts"], {"update_columns": ["name"]}, **extra)
            for duplicates in ("pick", "fail"):
                yield plans.upsert(columns, config={"hard_deletes": "delete", "duplicate_keys": duplicates, "order_by": [{"column": "ts"}]}, version="1.1", **extra)
            yield plans.scd2(columns, config={"compare_columns": ["name"], "end_date_default": "2999-01-01"}, **extra)
            yield plans.snapshot(columns, config={"partition_columns": ["snapshot_date"]}, **extra)
            yield plans.deduplicate(columns, **extra)
    yield plans.deduplicate(source=plans.SOURCE, target=plans.SOURCE)
    yield plans.scd2(COLUMNS, config={"hard_deletes": "close", "duplicate_keys": "fail"}, version="1.1")
    for grain in ("hour", "day", "week", "month", "quarter", "year"):
        yield plans.aggregate({"group_by": ["name"], "time_bucket": {"column": "ts", "grain": grain, "as": "b"}, "refresh_days": 3,
                               "aggregates": [{"function": f, "column": "id", "as": f} for f in ("count", "count_distinct", "sum", "min", "max", "avg")]})
    for method in ("sequence", "hash"):
        yield plans.surrogate(COLUMNS, ["id", "name"], {"key_method": method, "update_columns": ["ts"]})
    wide = [f"column_{n}" for n in range(500)]
    yield plans.scd2(wide, ["column_0"])
    yield plans.upsert(wide, ["column_1"])
    for name in NAMES:
        columns = ["id", name]
        table = ("lake-house", "2024", name) if not set(name) & set(" ./") else ("lake-house", "2024", "t")
        yield plans.append(columns, name, "numeric", match=["id"], source=table)
        yield plans.full(columns, {"partition_columns": [name]}, source=table)
        yield plans.upsert(columns, [name], target=table)
        yield plans.scd2(columns, [name], target=table)
        yield plans.snapshot(["id"], name, target=table)
    for text in FILTERS:
        yield plans.upsert(COLUMNS, filter=text)


OPTIONS = [(), ("--run-time", "2026-01-16T02:30:00.5+02:00"), ("--parameters",), ("--cluster-by",),
           ("--snapshot-date", "2026-01-16", "--by-name"), ("--snapshot-date", "2026-01-16", "--target-columns", '["snapshot_date", "ts", "name", "id", "more"]')]


def statements(binary):
    renderer = subprocess.Popen([binary, "--serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    for n, plan in enumerate(variants()):
        for options in OPTIONS if n < 80 else OPTIONS[:1]:
            renderer.stdin.write(json.dumps({"plan": plan, "args": ["all", *options]}) + "\n")
            renderer.stdin.flush()
            reply = json.loads(renderer.stdout.readline())
            if "error" in reply:
                raise SystemExit(f"refused: {json.dumps(plan)}\n{reply['error']}")
            found = reply["ok"]
            yield found["load"]
            yield found["explain"]
            for part in ("setup", "checks", "staging", "after", "previews"):
                for statement in found[part]:
                    yield statement["sql"]
    renderer.stdin.close()
    renderer.wait()


BROKEN = [
    "MERGE INTO a AS t USING b AS s ON TRUE WHEN MATCHED THEN UPDATE SET",
    "SELECT 1; SELECT 2",
    "SELECT `a FROM b",
    "INSERT INTO a-b SELECT 1",
    "MERGE INTO a AS t USING b AS s ON TRUE WHEN NOT MATCHED BY SOURCE THEN DELETE WHEN NOT MATCHED THEN INSERT *",
]


def main(binary):
    spark = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    parser = spark._jsparkSession.sessionState().sqlParser()
    failed = 0
    unique = sorted(set(statements(binary)))
    for sql in unique:
        try:
            parser.parsePlan(sql)
        except Exception as error:
            failed += 1
            print(f"--- Spark refuses:\n{sql}\n--- because: {str(error)[:600]}", file=sys.stderr)
    for sql in BROKEN:
        try:
            parser.parsePlan(sql)
        except Exception:
            continue
        failed += 1
        print(f"--- Spark accepts what is broken: {sql}", file=sys.stderr)
    print(f"spark_parse: Spark {spark.version} read {len(unique)} statements, {failed} wrong")
    spark.stop()
    return 1 if failed or len(unique) < 500 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
