"""Plans for tests: a good one per pattern, to be changed."""

SOURCE = ("main", "raw", "src")
TARGET = ("main", "mart", "tgt")


def plan(kind, mode, config, columns=None, source=SOURCE, target=TARGET, version="1.0", **more):
    document = {
        "schema_version": version,
        "plan_metadata": {
            "plan_id": "6b1f7c1e-9a55-4a5e-8f5e-0f7c2f6b9d10",
            "plan_name": "a_plan",
            "owner": "ada@example.com",
            "created_at": "2026-01-16T08:00:00Z",
            "version": "1.0.0",
        },
        "pattern": {"type": kind},
        "source": {"catalog": source[0], "schema": source[1], "table": source[2]},
        "target": {"catalog": target[0], "schema": target[1], "table": target[2], "write_mode": mode},
        "pattern_config": config,
        "execution_config": {"warehouse_id": "0123456789abcdef"},
    }
    if columns is not None:
        document["source"]["columns"] = list(columns)
    for name, value in more.items():
        if name in ("filter",):
            document["source"][name] = value
        elif name in ("partition_by", "cluster_by"):
            document["target"][name] = value
        else:
            document[name] = value
    return document


def append(columns=None, watermark="ts", kind="timestamp", initial=None, match=None, **more):
    config = {"watermark_column": watermark, "watermark_type": kind}
    if initial is not None:
        config["watermark_initial_value"] = initial
    if match is not None:
        config["match_columns"] = match
    return plan("INCREMENTAL_APPEND", "append" if match is None else "merge", config, columns, **more)


def full(columns=None, config=None, **more):
    return plan("FULL_REPLACE", "overwrite", config or {}, columns, **more)


def upsert(columns=None, keys=("id",), config=None, **more):
    return plan("MERGE_UPSERT", "merge", {"merge_keys": list(keys), **(config or {})}, columns, **more)


def scd2(columns=None, keys=("id",), config=None, **more):
    return plan("SCD2", "merge", {"business_keys": list(keys), **(config or {})}, columns, **more)


def snapshot(columns=None, date="snapshot_date", config=None, **more):
    return plan("SNAPSHOT", "append", {"snapshot_date_column": date, **(config or {})}, columns, **more)


def aggregate(config, columns=None, **more):
    return plan("AGGREGATE_REFRESH", "merge", config, columns, version="1.1", **more)


def surrogate(columns, keys=("id",), config=None, **more):
    config = {"business_keys": list(keys), "surrogate_key_column": "sk", **(config or {})}
    return plan("SURROGATE_KEY", "merge", config, columns, version="1.1", **more)


def deduplicate(columns=None, keys=("id",), order=(("ts", "desc"),), **more):
    config = {"key_columns": list(keys), "order_by": [{"column": c, "direction": d} for c, d in order]}
    return plan("DEDUPLICATE", "overwrite", config, columns, version="1.1", **more)
