"""Errors as the SDK's own classes, its retries, and its handling of tokens."""

from __future__ import annotations

import pytest
from databricks.sdk.errors import (
    BadRequest,
    InternalError,
    InvalidParameterValue,
    NotFound,
    PermissionDenied,
    ResourceDoesNotExist,
    TemporarilyUnavailable,
    Unauthenticated,
)

from conftest import SPACE, Emulator, by_oauth, by_token

HIDDEN = "01f0f2d6b1e4173fa6c58027d9e3b84a"
NOWHERE = "01f000000000100080000000deadbeef"


def test_not_found(emulator: Emulator):
    workspace = by_token(emulator)
    with pytest.raises(NotFound):
        workspace.genie.get_space(NOWHERE)
    with pytest.raises(NotFound) as problem:
        workspace.tables.get("prod_catalog.raw.nothing")
    assert problem.value.error_code == "TABLE_DOES_NOT_EXIST"
    with pytest.raises(NotFound):
        workspace.api_client.do("GET", "/api/2.0/no/such/endpoint")
    # A missing job is a 400 on the wire; the SDK knows.
    with pytest.raises(ResourceDoesNotExist):
        workspace.jobs.get(1)
    with pytest.raises(ResourceDoesNotExist):
        workspace.jobs.get_run(1)
    with pytest.raises(InvalidParameterValue):
        workspace.jobs.delete(1)


def test_permission_denied(emulator: Emulator):
    workspace = by_token(emulator)
    with pytest.raises(PermissionDenied):
        workspace.genie.get_space(HIDDEN)
    with pytest.raises(PermissionDenied) as problem:
        workspace.tables.get("finance.ledger.salaries")
    info = problem.value.get_error_details().error_info
    assert (info.reason, info.metadata["resourceName"]) == ("PERMISSION_DENIED", "finance.ledger.salaries")
    with pytest.raises(PermissionDenied):
        by_token(emulator, "emulator-viewer-token").genie.list_conversations(SPACE, include_all=True)


def test_a_hidden_space_looks_missing_in_data_rooms(emulator: Emulator):
    workspace = by_token(emulator)
    texts = []
    for space in (HIDDEN, NOWHERE):
        with pytest.raises(ResourceDoesNotExist) as problem:
            workspace.api_client.do("GET", f"/api/2.0/data-rooms/{space}")
        texts.append(str(problem.value).replace(space, "ID"))
    assert texts[0] == texts[1] and "does not exist" in texts[0]


def test_unauthenticated(emulator: Emulator):
    with pytest.raises(Unauthenticated):
        by_token(emulator, "wrong").current_user.me()
    with pytest.raises(Unauthenticated):
        by_token(emulator, "wrong").genie.list_spaces()
    with pytest.raises(ValueError, match="invalid_client"):
        by_oauth(emulator, secret="wrong").current_user.me()


def test_bad_requests(emulator: Emulator):
    workspace = by_token(emulator)
    with pytest.raises(BadRequest):
        workspace.grants.get_effective("table", "prod_catalog.raw.customer_events", max_results=10)
    with pytest.raises(InvalidParameterValue):
        workspace.tables.get("not-a-name")


@pytest.mark.parametrize("status", [429, 503])
def test_busy_answers_are_retried(emulator: Emulator, status: int):
    fault = {"kind": "status", "status": status, "retry_after": 0}
    emulator.fault(fault, times=2, path_prefix="/api/2.0/genie")
    assert by_token(emulator).genie.get_space(SPACE).title == "Customer Events"
    statuses = [request["status"] for request in emulator.requests("/api/2.0/genie")]
    assert statuses == [status, status, 200]


def test_a_dropped_connection_is_retried(emulator: Emulator):
    emulator.fault({"kind": "drop"}, times=1, path_prefix="/api/2.0/genie")
    assert by_token(emulator).genie.get_space(SPACE).title == "Customer Events"
    outcomes = [request["outcome"] for request in emulator.requests("/api/2.0/genie")]
    assert outcomes == ["dropped", "answered"]


def test_other_failures_are_not_retried(emulator: Emulator):
    emulator.fault({"kind": "status", "status": 500}, path_prefix="/api/2.0/genie")
    with pytest.raises(InternalError):
        by_token(emulator).genie.get_space(SPACE)
    assert len(emulator.requests("/api/2.0/genie")) == 1


def test_a_busy_service_is_given_up_on(emulator: Emulator):
    emulator.fault({"kind": "status", "status": 503, "retry_after": 1}, path_prefix="/api/2.0/genie")
    with pytest.raises(TimeoutError) as problem:
        by_token(emulator, retry_timeout_seconds=1).genie.get_space(SPACE)
    assert isinstance(problem.value.__cause__, TemporarilyUnavailable)


def test_one_token_serves_many_requests_and_is_renewed(emulator: Emulator):
    workspace = by_oauth(emulator)
    for _ in range(5):
        workspace.current_user.me()
    tokens = "/oidc/v1/token"
    assert len(emulator.requests(tokens)) == 1
    assert {request["authorization"] for request in emulator.requests(tokens)} == {"basic"}
    # Shorter than the SDK's margin of 40 seconds: expired as soon as it is given.
    emulator.control("POST", "/tokens/ttl", {"seconds": 30})
    other = by_oauth(emulator)
    for _ in range(3):
        other.current_user.me()
    assert len(emulator.requests(tokens)) > 2


def test_a_revoked_token_is_refused(emulator: Emulator):
    workspace = by_oauth(emulator)
    workspace.current_user.me()
    emulator.control("POST", "/tokens/revoke", {"which": "all"})
    with pytest.raises(Unauthenticated):
        workspace.current_user.me()
    assert by_oauth(emulator).current_user.me().active


def test_no_credential_is_written_down(emulator: Emulator):
    by_oauth(emulator).current_user.me()
    by_token(emulator).current_user.me()
    journal = str(emulator.control("GET", "/requests"))
    assert "emulator-token" not in journal and "emulator-secret" not in journal and "eyJ" not in journal
