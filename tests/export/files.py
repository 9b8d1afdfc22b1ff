"""Plans to test with, and the program that exports them."""

import json
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug/examples/export"
COLUMNS = ["id", "name", "order-date"]


def plan(kind, mode, config, version="1.0", **source):
    return {
        "schema_version": version,
        "plan_metadata": {
            "plan_id": "6b1f7c1e-9a55-4a5e-8f5e-0f7c2f6b9d10",
            "plan_name": "customers",
            "description": 'All "customers": {{ no tag }} ${var.none} ${bundle.name}',
            "owner": "ada@example.com",
            "created_at": "2026-01-16T08:00:00Z",
            "version": "1.0.0",
        },
        "pattern": {"type": kind},
        "source": {"catalog": "lake-house", "schema": "raw", "table": "customers", "columns": COLUMNS} | source,
        "target": {"catalog": "main", "schema": "mart", "table": "dim_customers", "write_mode": mode},
        "pattern_config": config,
        "schedule": {"type": "cron", "cron_expression": "0 30 6 ? * MON-FRI", "timezone": "Europe/Vienna"},
        "execution_config": {"warehouse_id": "0123456789abcdef", "timeout_seconds": 900, "max_retries": 2},
    }


PLANS = {
    "append": plan("INCREMENTAL_APPEND", "append", {"watermark_column": "order-date", "watermark_type": "date"}),
    "incremental_merge": plan(
        "INCREMENTAL_APPEND",
        "merge",
        {"watermark_column": "order-date", "watermark_type": "date", "match_columns": ["id"]},
    ),
    "full_replace": plan(
        "FULL_REPLACE",
        "overwrite",
        {
            "cluster_columns": ["order-date"],
            "table_properties": {"note": "it's ours %} {# no #}"},
            "filter_condition": "id > 0",
        },
        filter="name <> '{{ x }}'",
    ),
    "upsert": plan("MERGE_UPSERT", "merge", {"merge_keys": ["id"]}, filter="name <> '{% raw %}'"),
    "scd2": plan("SCD2", "merge", {"business_keys": ["id"]}),
    "snapshot": plan("SNAPSHOT", "append", {"snapshot_date_column": "snapshot_date"}),
    "odd_names": plan("MERGE_UPSERT", "merge", {"merge_keys": ["id"]}, table="cust{{o}}mers"),
    "odd_names_replaced": plan("FULL_REPLACE", "overwrite", {}, table='cust{{o}}m"ers'),
}


def export(document, kind, folder):
    done = subprocess.run(
        [PROGRAM, kind, folder], input=json.dumps(document), text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stderr
