"""The worker's lineage events against the JSON Schema that OpenLineage publishes.

No package carries the schema, so whoever has it says where: OPENLINEAGE_SCHEMA is the folder `spec` of a copy of
https://github.com/OpenLineage/OpenLineage. Without it `test_deployed.py` still holds the events to the classes that
OpenLineage generates from the schema.
"""

from __future__ import annotations

import copy
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource

from conftest import Emulator, call
from test_deployed import plan

SCHEMA = os.environ.get("OPENLINEAGE_SCHEMA")
CORE = "https://openlineage.io/spec/2-0-2/OpenLineage.json"

pytestmark = pytest.mark.skipif(
    not SCHEMA, reason="OPENLINEAGE_SCHEMA does not name the folder with OpenLineage.json and facets/"
)


class Schema:
    """The schema of events and those of facets, by the addresses that events name."""

    def __init__(self, folder: Path) -> None:
        files = [folder / "OpenLineage.json", *sorted((folder / "facets").glob("*.json"))]
        contents = [json.loads(file.read_text()) for file in files]
        self.known = {content["$id"] for content in contents}
        self.registry = Registry().with_resources(
            (content["$id"], Resource.from_contents(content)) for content in contents
        )

    def problems(self, reference: str, value: Any) -> list[str]:
        validator = Draft202012Validator(
            {"$ref": reference}, registry=self.registry, format_checker=FormatChecker(["date-time", "uri", "uuid"])
        )
        return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]

    def check(self, event: dict[str, Any]) -> list[str]:
        """What is wrong with an event and with each of its facets, by the schema that each names."""
        found = [*self.problems(CORE, event), *self.problems(event["schemaURL"], event)]
        facets = {**event["job"].get("facets", {}), **event.get("run", {}).get("facets", {})}
        for dataset in [*event["inputs"], *event["outputs"]]:
            facets |= {**dataset.get("facets", {}), **dataset.get("inputFacets", {}), **dataset.get("outputFacets", {})}
        for name, facet in facets.items():
            url = facet["_schemaURL"]
            if url.split("#")[0] not in self.known:
                found.append(f"{name}: {url} is no version that is published")
            else:
                found += [f"{name}{problem[1:]}" for problem in self.problems(url, facet)]
            if url.split("#")[0] in self.known - {CORE}:
                # The file also says under which name a facet of its kind is kept.
                found += [f"{name}{problem[1:]}" for problem in self.problems(url.split("#")[0], {name: facet})]
        return found


@pytest.fixture(scope="module")
def schema() -> Schema:
    assert SCHEMA
    return Schema(Path(SCHEMA))


@pytest.fixture
def events(worker: str, emulator: Emulator) -> list[dict[str, Any]]:
    """The events of a plan that keeps history, with runs that ended in every way, one started by the schedule."""
    document = plan()
    document["plan_metadata"]["description"] = "Customers with their history"
    document["pattern"] = {"type": "SCD2"}
    document["target"]["write_mode"] = "merge"
    document["pattern_config"] = {"business_keys": ["event_id"]}
    record = call(worker, "POST", "/api/plans", document)
    path = f"/api/plans/{record['plan_id']}"
    deployment = call(worker, "POST", f"{path}/deploy", {"plan_hash": record["plan_hash"], "version": record["version"]})
    metrics = {"numTargetRowsInserted": "7", "numTargetRowsUpdated": "2", "numTargetRowsDeleted": "0"}
    history = {
        "columns": [[name, "STRING"] for name in ("version", "at", "operation", "metrics")],
        "rows": [["12", "", "MERGE", json.dumps(metrics)]],
    }
    for ending in ({}, {"result_state": "FAILED"}, {"result_state": "CANCELED"}):
        run = call(worker, "POST", f"{path}/runs", {})["run_id"]
        call(worker, "GET", f"{path}/runs/{run}")
        if not ending:
            history["rows"][0][1] = str(time.time_ns() // 1_000_000)
            emulator.control("POST", "/statements/scripts", {"contains": "DESCRIBE HISTORY", "answer": history})
        emulator.control("POST", f"/runs/{run}/advance", {"to": "TERMINATED", **ending})
        call(worker, "GET", f"{path}/runs/{run}")
    fired = emulator.control("POST", f"/jobs/{deployment['job_id']}/fire")["run_id"]
    emulator.control("POST", f"/runs/{fired}/advance", {"to": "TERMINATED"})
    call(worker, "GET", f"{path}/runs")
    call(worker, "GET", f"{path}/runs/{fired}")
    return call(worker, "GET", f"{path}/lineage?format=openlineage")


def test_events_fit_the_schema(events: list[dict[str, Any]], schema: Schema) -> None:
    kinds = [event.get("eventType") for event in events]
    assert kinds[0] is None and {"START", "COMPLETE", "FAIL", "ABORT"} <= set(kinds), kinds
    facets = {name for event in events for name in [*event["job"]["facets"], *event.get("run", {}).get("facets", {})]}
    assert {"jobType", "documentation", "ownership", "errorMessage", "nominalTime", "genieHandoff_plan"} <= facets
    outputs = [output for event in events for output in event["outputs"]]
    assert all(output["facets"]["columnLineage"]["fields"] for output in outputs)
    assert [output["outputFacets"]["outputStatistics"]["rowCount"] for output in outputs if "outputFacets" in output] == [9]
    problems = [f"{at} {problem}" for at, event in enumerate(events) for problem in schema.check(event)]
    assert problems == []


def test_the_check_sees_what_is_wrong(events: list[dict[str, Any]], schema: Schema) -> None:
    def spoiled(spoil: Any) -> list[str]:
        event = copy.deepcopy(next(event for event in events if event.get("eventType") == "FAIL"))
        spoil(event)
        return schema.check(event)

    assert spoiled(lambda event: None) == []
    assert spoiled(lambda event: event.update(eventTime="yesterday"))
    assert spoiled(lambda event: event.update(producer="nobody"))
    assert spoiled(lambda event: event["run"].update(runId="7"))
    assert spoiled(lambda event: event["job"].pop("namespace"))
    assert spoiled(lambda event: event["job"]["facets"]["jobType"].pop("integration"))
    assert spoiled(lambda event: event["run"]["facets"]["errorMessage"].pop("programmingLanguage"))
    column = "event_id"
    lineage = ["outputs", 0, "facets", "columnLineage", "fields", column, "inputFields", 0]

    def without_field(event: Any) -> None:
        for step in lineage:
            event = event[step]
        event.pop("field")

    assert spoiled(without_field)
