"""Bundles: Databricks' own models of jobs take them without a loss, and the published schema if it is there."""

import json
import os

import jsonschema
import pytest
import yaml
from databricks.bundles.jobs import Job
from files import PLANS, export


def bundle(name, folder):
    export(PLANS[name], "bundle", folder)
    return yaml.safe_load((folder / "databricks.yml").read_text())


@pytest.mark.parametrize("name", PLANS)
def test_the_job_is_one_that_databricks_knows(name, tmp_path):
    document = bundle(name, tmp_path)
    job = document["resources"]["jobs"]["customers"]
    # An unknown key, a missing one or one of another kind is refused by the model.
    assert Job.from_dict(job).as_dict() == job
    task = job["tasks"][0]
    assert (tmp_path / task["sql_task"]["file"]["path"]).is_file()
    assert (task["timeout_seconds"], task["max_retries"]) == (900, 2)
    assert job["schedule"]["pause_status"] == "UNPAUSED"
    # Nothing of the plan is a reference, and the only one that is there has a variable behind it.
    assert "${" not in job["description"]
    assert task["sql_task"]["warehouse_id"] == "${var.warehouse_id}"
    assert document["variables"]["warehouse_id"]["default"] == "0123456789abcdef"


def test_the_model_would_refuse_a_wrong_key(tmp_path):
    job = bundle("upsert", tmp_path)["resources"]["jobs"]["customers"]
    with pytest.raises(Exception):
        Job.from_dict(job | {"shedule": {}})


@pytest.mark.skipif("BUNDLE_SCHEMA" not in os.environ, reason="needs BUNDLE_SCHEMA, see run.sh")
@pytest.mark.parametrize("name", PLANS)
def test_the_published_schema(name, tmp_path):
    schema = json.loads(open(os.environ["BUNDLE_SCHEMA"], encoding="utf-8").read())
    # Python's regular expressions have no \p{L}; for our keys it means letters.
    schema = json.loads(json.dumps(schema).replace("\\\\p{L}", "a-zA-Z").replace("\\\\p{N}", "0-9"))
    document = bundle(name, tmp_path)
    jsonschema.validate(document, schema)
    document["resources"]["jobs"]["customers"]["shedule"] = {}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema)
