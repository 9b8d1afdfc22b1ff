"""Unity Catalog, warehouses, who am I."""

from __future__ import annotations

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.service.catalog import ColumnTypeName, Privilege, SecurableType, TableType
from databricks.sdk.service.sql import State

from conftest import SERVICE_PRINCIPAL, USER, WAREHOUSE, Emulator, by_oauth, by_token

EVENTS = "prod_catalog.raw.customer_events"
DAILY = "prod_catalog.curated.customer_daily"


def test_a_table(workspace: WorkspaceClient):
    table = workspace.tables.get(EVENTS)
    assert (table.full_name, table.table_type) == (EVENTS, TableType.MANAGED)
    columns = {column.name: column for column in table.columns}
    assert len(columns) == 19
    assert columns["customer_id"].type_name is ColumnTypeName.LONG
    assert columns["customer_id"].type_text == "bigint" and columns["customer_id"].nullable is False
    assert (columns["revenue"].type_precision, columns["revenue"].type_scale) == (18, 2)
    assert table.table_constraints[0].primary_key_constraint.child_columns == ["event_id"]


@pytest.mark.parametrize("name", ["vertrieb_münchen.lager.bestände", "retail-emea.sales.orders", "PROD_Catalog.Raw.Customer_Events"])
def test_unusual_names(workspace: WorkspaceClient, name: str):
    assert workspace.tables.get(name).full_name == name.lower()
    assert workspace.tables.exists(name).table_exists is True


def test_a_table_that_is_not_there(workspace: WorkspaceClient):
    assert not workspace.tables.exists("prod_catalog.raw.nothing").table_exists


def test_tables_of_a_schema_over_pages(workspace: WorkspaceClient):
    tables = list(workspace.tables.list("group_dwh", "core", max_results=7))
    assert len(tables) == len({table.name for table in tables}) == 30
    assert all(len(table.columns) >= 8 for table in tables)
    # One of these may not be seen: its page is empty, and there is another one after it.
    names = [table.name for table in workspace.tables.list("finance", "ledger", max_results=1)]
    assert names == ["accounts", "cost_centers", "journal_entries"]


def test_effective_permissions(workspace: WorkspaceClient):
    me = workspace.current_user.me().user_name
    found, token = [], None
    while True:
        page = workspace.grants.get_effective(
            SecurableType.TABLE.value, DAILY, principal=me, max_results=0, page_token=token
        )
        found += page.privilege_assignments or []
        token = page.next_page_token
        if not token:
            break
    engineers = next(a for a in found if a.principal == "data-engineers")
    modify = [p for p in engineers.privileges if p.privilege is Privilege.MODIFY]
    assert {p.inherited_from_name for p in modify} == {None, "prod_catalog.curated"}
    assert all(p.privilege is not None for a in found for p in a.privileges)


def test_catalogs_and_schemas(workspace: WorkspaceClient):
    assert workspace.catalogs.get("prod_catalog").owner == "data-platform"
    assert workspace.schemas.get("prod_catalog.curated").catalog_name == "prod_catalog"
    names = [catalog.name for catalog in workspace.catalogs.list(max_results=0)]
    assert "retail-emea" in names and "hr" not in names


def test_warehouses(workspace: WorkspaceClient):
    warehouses = {warehouse.id: warehouse for warehouse in workspace.warehouses.list()}
    assert len(warehouses) == 3
    assert workspace.warehouses.get(WAREHOUSE).state is State.RUNNING
    assert warehouses[WAREHOUSE].enable_serverless_compute is True
    stopped = next(warehouse.id for warehouse in warehouses.values() if warehouse.state is State.STOPPED)
    workspace.warehouses.start(stopped)
    assert workspace.warehouses.get(stopped).state is State.STARTING


def test_permissions_of_objects(workspace: WorkspaceClient):
    acl = workspace.permissions.get("genie", "01f0eca3dc1b1cbc9b65fa58f94c18ad")
    assert acl.access_control_list[0].user_name == USER
    levels = [p.permission_level.value for p in acl.access_control_list[0].all_permissions]
    assert levels == ["CAN_MANAGE"]


def test_who_am_i(emulator: Emulator):
    person = by_token(emulator).current_user.me()
    assert (person.user_name, person.emails[0].value) == (USER, USER)
    assert {group.display for group in person.groups} == {"account users", "analysts", "data-engineers"}
    machine = by_oauth(emulator).current_user.me()
    assert (machine.user_name, machine.emails) == (SERVICE_PRINCIPAL, [])
