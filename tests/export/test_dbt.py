"""dbt models: dbt parses and compiles them, without a connection."""

import json
import pathlib

import pytest
import yaml
from dbt.cli.main import dbtRunner
from files import PLANS, export

PROFILE = {
    "test": {
        "target": "dev",
        "outputs": {
            "dev": {
                "type": "databricks",
                "host": "workspace.invalid",
                "http_path": "/sql/1.0/warehouses/0",
                "token": "none",
                "catalog": "dev",
                "schema": "dev",
            }
        },
    }
}


PROJECT = {
    "name": "test",
    "version": "1.0.0",
    "profile": "test",
    "model-paths": ["models"],
    "macro-paths": ["macros"],
}
# Without introspection nothing asks the warehouse; nobody is there who could answer.
QUIET = ["--no-introspect", "--no-populate-cache"]


def run(folder):
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(PROJECT))
    (folder / "profiles.yml").write_text(yaml.safe_dump(PROFILE))
    return dbtRunner().invoke(["compile", "--project-dir", str(folder), "--profiles-dir", str(folder), *QUIET])


def compiled(name, folder: pathlib.Path):
    """The project as dbt understands it, and the text that it would send."""
    export(PLANS[name], "dbt", folder)
    result = run(folder)
    assert result.success, result.exception or [str(one.message) for one in result.result or []]
    manifest = json.loads((folder / "target/manifest.json").read_text())
    text = (folder / "target/compiled/test/models/customers.sql").read_text()
    return manifest, text


@pytest.mark.parametrize("name", PLANS)
def test_dbt_compiles_it(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    manifest, text = compiled(name, tmp_path)
    model = manifest["nodes"]["model.test.customers"]
    source = next(iter(manifest["sources"].values()))
    table = PLANS[name]["source"]["table"]
    assert (source["database"], source["schema"], source["identifier"]) == ("lake-house", "raw", table)
    # dbt knows where the model reads, and where it writes.
    assert model["depends_on"]["nodes"] == [source["unique_id"]]
    assert (model["config"]["database"], model["alias"]) == ("main", "dim_customers")
    assert model["description"] == 'All "customers": {{ no tag }} ${var.none} ${bundle.name}'
    # What stands between the tags comes out as the plan has it.
    assert f"`lake-house`.`raw`.`{table}`" in text
    for part in (PLANS[name]["source"].get("filter"), PLANS[name]["pattern_config"].get("filter_condition")):
        assert part is None or f"({part})" in text


def test_the_statement_is_the_one_that_was_reviewed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    _, text = compiled("upsert", tmp_path)
    export(PLANS["upsert"], "sql", tmp_path / "sql")
    reviewed = next((tmp_path / "sql").glob("*.sql")).read_text()
    body = text[text.index("MERGE INTO") :].strip()
    assert f"\n{body};\n" in reviewed


def test_dbt_would_notice_a_model_that_is_none(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    export(PLANS["upsert"], "dbt", tmp_path)
    model = tmp_path / "models/customers.sql"
    model.write_text(model.read_text().replace("source(", "sauce("))
    assert not run(tmp_path).success
