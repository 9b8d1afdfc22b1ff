"""What the worker says about a deployed plan is what the official SDK sees in the workspace."""

from __future__ import annotations

import base64
import uuid
from typing import Any

from databricks.sdk.service import jobs
from databricks.sdk.service.workspace import ObjectType
from openlineage.client.generated import base as openlineage
from openlineage.client.generated.column_lineage_dataset import ColumnLineageDatasetFacet
from openlineage.client.generated.error_message_run import ErrorMessageRunFacet
from openlineage.client.generated.job_type_job import JobTypeJobFacet

from conftest import USER, WAREHOUSE, Emulator, by_token, call

def plan() -> dict[str, Any]:
    return {
        "schema_version": "1.0",
        "plan_metadata": {
            "plan_id": str(uuid.uuid4()),
            "plan_name": "customer_daily",
            "owner": "ada@example.com",
            "created_at": "2026-01-16T08:00:00Z",
            "version": "1.0.0",
        },
        "pattern": {"type": "MERGE_UPSERT"},
        "source": {
            "catalog": "prod_catalog",
            "schema": "raw",
            "table": "customer_events",
            "columns": ["event_id", "customer_id"],
        },
        "target": {"catalog": "prod_catalog", "schema": "curated", "table": "customer_daily", "write_mode": "merge"},
        "pattern_config": {"merge_keys": ["event_id"]},
        "execution_config": {"warehouse_id": WAREHOUSE, "timeout_seconds": 1800, "max_retries": 2},
        "schedule": {
            "type": "cron",
            "cron_expression": "0 15 6 * * ?",
            "timezone": "Europe/Berlin",
            "enabled": True,
        },
    }


def test_the_sdk_sees_what_the_worker_reports(worker: str, emulator: Emulator):
    workspace = by_token(emulator)
    record = call(worker, "POST", "/api/plans", plan())
    path = f"/api/plans/{record['plan_id']}"
    wish = {"plan_hash": record["plan_hash"], "version": record["version"]}
    deployment = call(worker, "POST", f"{path}/deploy", wish)

    mine = [job for job in workspace.jobs.list() if (job.settings.tags or {}).get("plan_id") == record["plan_id"]]
    assert [str(job.job_id) for job in mine] == [deployment["job_id"]]
    job = workspace.jobs.get(int(deployment["job_id"]))
    settings = job.settings
    assert settings.tags["plan_version"] == deployment["version"] == record["version"]
    assert settings.tags["plan_hash"] == deployment["plan_hash"] == record["plan_hash"]
    assert settings.schedule.quartz_cron_expression == deployment["schedule"]["quartz"]
    assert settings.schedule.timezone_id == deployment["schedule"]["timezone"]
    assert settings.schedule.pause_status is jobs.PauseStatus.UNPAUSED and not deployment["schedule"]["paused"]
    assert job.run_as_user_name == deployment["run_as"] == USER
    [task] = settings.tasks
    assert task.sql_task.file.path == deployment["file_path"]
    assert (task.timeout_seconds, task.max_retries, settings.max_concurrent_runs) == (1800, 2, 1)
    assert settings.queue.enabled

    status = workspace.workspace.get_status(deployment["file_path"])
    assert status.object_type is ObjectType.FILE
    text = base64.b64decode(workspace.workspace.export(deployment["file_path"]).content).decode()
    assert f"-- plan hash: {record['plan_hash']}" in text and "MERGE INTO `prod_catalog`" in text

    run = call(worker, "POST", f"{path}/runs", {})
    seen = list(workspace.jobs.list_runs(job_id=job.job_id))
    assert [str(one.run_id) for one in seen] == [run["run_id"]]
    emulator.control("POST", f"/runs/{run['run_id']}/advance", {"to": "TERMINATED"})
    ended = call(worker, "GET", f"{path}/runs/{run['run_id']}")
    upstream = workspace.jobs.get_run(int(run["run_id"]))
    assert upstream.status.termination_details.code.value == ended["upstream_state"].split("/")[1] == "SUCCESS"
    assert ended["state"] == "succeeded"

    assert call(worker, "POST", f"{path}/pause")["state"] == "paused"
    paused = workspace.jobs.get(job.job_id).settings.schedule.pause_status
    assert paused is jobs.PauseStatus.PAUSED

    check_lineage(call(worker, "GET", f"{path}/lineage?format=openlineage"))

    assert call(worker, "POST", f"{path}/undeploy")["state"] == "undeployed"
    assert [job for job in workspace.jobs.list() if (job.settings.tags or {}).get("plan_id") == record["plan_id"]] == []


def check_lineage(events: list[dict[str, Any]]) -> None:
    """Every event fits the classes that OpenLineage generates from its schema: they refuse keys that are unknown or
    missing, times that are none, and run ids that are no UUIDs."""
    facets = {"columnLineage": ColumnLineageDatasetFacet, "jobType": JobTypeJobFacet, "errorMessage": ErrorMessageRunFacet}
    kinds = []
    for event in events:
        fields = dict(event)
        url = fields.pop("schemaURL")
        is_run = url.endswith("RunEvent")
        for dataset in [*event["inputs"], *event["outputs"]]:
            assert dataset["namespace"].startswith("unitycatalog://") and dataset["name"].count(".") == 2
            for name, facet in dataset.get("facets", {}).items():
                check_facet(facets[name], facet)
        for name, facet in event["job"]["facets"].items():
            if name in facets:
                check_facet(facets[name], facet)
        made = (openlineage.RunEvent if is_run else openlineage.JobEvent)(
            **{
                **fields,
                "job": openlineage.Job(**event["job"]),
                **({"run": openlineage.Run(**event["run"]), "eventType": openlineage.EventType(event["eventType"])} if is_run else {}),
            }
        )
        assert made.schemaURL == url
        kinds.append(event.get("eventType"))
    assert kinds == [None, "START", "COMPLETE"]


def check_facet(kind: Any, facet: dict[str, Any]) -> None:
    fields = dict(facet)
    assert fields.pop("_schemaURL") == kind._get_schema()
    fields["producer"] = fields.pop("_producer")
    kind(**fields)
