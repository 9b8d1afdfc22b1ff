"""Statements, workspace files, jobs and runs."""

from __future__ import annotations

import base64

from databricks.sdk import WorkspaceClient
from databricks.sdk.service import jobs
from databricks.sdk.service.sql import StatementState
from databricks.sdk.service.workspace import ImportFormat, ObjectType

from conftest import WAREHOUSE, Emulator

FOLDER = "/Workspace/Shared/genie-handoff"
PATH = f"{FOLDER}/daily.sql"


def upload(workspace: WorkspaceClient, sql: str = "SELECT 1") -> None:
    workspace.workspace.mkdirs(FOLDER)
    content = base64.b64encode(sql.encode()).decode()
    workspace.workspace.import_(PATH, content=content, format=ImportFormat.RAW, overwrite=True)


def create(workspace: WorkspaceClient, **changes) -> int:
    settings = {
        "name": "daily",
        "tags": {"plan_id": "42"},
        "max_concurrent_runs": 1,
        "queue": jobs.QueueSettings(enabled=True),
        "schedule": jobs.CronSchedule("0 15 6 * * ?", "UTC", pause_status=jobs.PauseStatus.PAUSED),
        "tasks": [
            jobs.Task(
                task_key="load",
                sql_task=jobs.SqlTask(
                    warehouse_id=WAREHOUSE, file=jobs.SqlTaskFile(path=PATH, source=jobs.Source.WORKSPACE)
                ),
            )
        ],
    }
    return workspace.jobs.create(**(settings | changes)).job_id


def test_a_statement(workspace: WorkspaceClient, emulator: Emulator):
    emulator.control("POST", "/tables/prod_catalog.raw.customer_events/rows", {"count": 77})
    answer = workspace.statement_execution.execute_statement(
        statement="SELECT COUNT(*) AS n FROM prod_catalog.raw.customer_events", warehouse_id=WAREHOUSE
    )
    assert answer.status.state is StatementState.SUCCEEDED
    assert answer.manifest.schema.columns[0].name == "n" and answer.result.data_array == [["77"]]
    again = workspace.statement_execution.get_statement(answer.statement_id)
    assert again.result.data_array == [["77"]]


def test_a_statement_that_fails_and_one_that_is_canceled(workspace: WorkspaceClient, emulator: Emulator):
    failed = workspace.statement_execution.execute_statement("SELECT * FROM a.b.c", WAREHOUSE)
    assert failed.status.state is StatementState.FAILED
    assert failed.status.error.message.startswith("[TABLE_OR_VIEW_NOT_FOUND]")
    emulator.control("POST", "/statements/scripts", {"contains": "slow", "answer": {"polls": 5}})
    slow = workspace.statement_execution.execute_statement("SELECT 'slow'", WAREHOUSE, wait_timeout="0s")
    workspace.statement_execution.cancel_execution(slow.statement_id)
    assert workspace.statement_execution.get_statement(slow.statement_id).status.state is StatementState.CANCELED


def test_chunks(workspace: WorkspaceClient, emulator: Emulator):
    rows = [[str(n)] for n in range(5)]
    script = {"contains": "many", "answer": {"columns": [["n", "int"]], "rows": rows, "chunk_rows": 2}}
    emulator.control("POST", "/statements/scripts", script)
    first = workspace.statement_execution.execute_statement("SELECT n FROM many", WAREHOUSE)
    found, chunk = list(first.result.data_array), first.result
    while chunk.next_chunk_index is not None:
        chunk = workspace.statement_execution.get_statement_result_chunk_n(
            first.statement_id, chunk.next_chunk_index
        )
        found += chunk.data_array
    assert found == rows and first.manifest.total_chunk_count == 3


def test_a_workspace_file(workspace: WorkspaceClient):
    upload(workspace, "SELECT 'ä'")
    status = workspace.workspace.get_status(PATH)
    assert status.object_type is ObjectType.FILE and status.object_id > 2**53
    exported = workspace.workspace.export(PATH)
    assert base64.b64decode(exported.content).decode() == "SELECT 'ä'"
    assert [item.path for item in workspace.workspace.list(FOLDER)] == [PATH]
    workspace.workspace.delete(FOLDER, recursive=True)
    assert FOLDER not in [item.path for item in workspace.workspace.list("/Workspace/Shared")]


def test_a_job(workspace: WorkspaceClient):
    job_id = create(workspace)
    assert job_id > 2**53
    job = workspace.jobs.get(job_id)
    assert job.settings.tags == {"plan_id": "42"}
    assert job.settings.schedule.pause_status is jobs.PauseStatus.PAUSED
    assert job.settings.tasks[0].sql_task.file.path == PATH
    new = jobs.JobSettings(name="renamed", tags={"plan_id": "43"})
    workspace.jobs.update(job_id, new_settings=new, fields_to_remove=["schedule"])
    assert [found.job_id for found in workspace.jobs.list(name="RENAMED")] == [job_id]
    job = workspace.jobs.get(job_id)
    assert (job.settings.schedule, job.settings.tags) == (None, {"plan_id": "43"})
    workspace.jobs.delete(job_id)
    assert list(workspace.jobs.list()) == []


def test_many_jobs_over_pages(workspace: WorkspaceClient):
    ids = {create(workspace, name=f"job-{n}") for n in range(23)}
    assert {job.job_id for job in workspace.jobs.list(limit=10)} == ids
    assert all(job.settings.tasks for job in workspace.jobs.list(limit=10, expand_tasks=True))


def test_a_run(workspace: WorkspaceClient, emulator: Emulator):
    upload(workspace)
    job_id = create(workspace)
    run_id = workspace.jobs.run_now(job_id, idempotency_token="t1").response.run_id
    assert workspace.jobs.run_now(job_id, idempotency_token="t1").response.run_id == run_id
    emulator.control("POST", f"/runs/{run_id}/advance", {"to": "TERMINATED"})
    run = workspace.jobs.get_run(run_id)
    assert run.state.result_state is jobs.RunResultState.SUCCESS
    assert run.status.termination_details.code is jobs.TerminationCodeCode.SUCCESS
    output = workspace.jobs.get_run_output(run.tasks[0].run_id)
    assert output.sql_output.query_output.warehouse_id == WAREHOUSE
    assert [found.run_id for found in workspace.jobs.list_runs(job_id=job_id, completed_only=True)] == [run_id]


def test_a_failed_run_is_repaired_and_another_cancelled(workspace: WorkspaceClient, emulator: Emulator):
    job_id = create(workspace)
    run_id = workspace.jobs.run_now(job_id).response.run_id
    emulator.control("POST", f"/runs/{run_id}/advance", {"to": "TERMINATED"})
    assert workspace.jobs.get_run(run_id).state.result_state is jobs.RunResultState.FAILED
    upload(workspace)
    repair = workspace.jobs.repair_run(run_id, rerun_all_failed_tasks=True).response.repair_id
    emulator.control("POST", f"/runs/{run_id}/advance", {"to": "TERMINATED"})
    repaired = workspace.jobs.get_run(run_id, include_history=True)
    assert repaired.state.result_state is jobs.RunResultState.SUCCESS
    assert repaired.repair_history[-1].id == repair
    other = workspace.jobs.run_now(job_id).response.run_id
    workspace.jobs.cancel_run(other)
    emulator.control("POST", f"/runs/{other}/advance", {})
    assert workspace.jobs.get_run(other).state.result_state is jobs.RunResultState.CANCELED
