"""One emulator for all tests, put back to its first state before each; the SDK by token and by OAuth."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.core import Config

ROOT = Path(__file__).resolve().parents[2]

#: The space of the walkthrough, and what is in it.
SPACE = "01f0eca3dc1b1cbc9b65fa58f94c18ad"
CONVERSATION = "01f0eca4a1c81d3f9e7b2c6d5f8091aa"
INTENT = "I want to load new customer events daily into curated.customer_daily"
USER = "grace.hopper@example.com"
SERVICE_PRINCIPAL = "3d1b8a52-6f7c-4e09-9c1e-5a4f0b7d2e61"
WAREHOUSE = "4b9b953939869799"


@dataclass(frozen=True)
class Emulator:
    """A running emulator: where it listens, and its control API."""

    host: str
    control_host: str

    def control(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.control_host + path, data=data, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def fault(self, fault: dict[str, Any], times: int | None = None, **match: str) -> None:
        rule: dict[str, Any] = {"fault": fault, "match": match}
        if times is not None:
            rule["times"] = times
        self.control("POST", "/faults", rule)

    def requests(self, prefix: str) -> list[dict[str, Any]]:
        return self.control("GET", f"/requests?path_prefix={prefix}")["requests"]


@pytest.fixture(scope="session")
def _process() -> Iterator[Emulator]:
    environment = {
        "EMULATOR_PORT": "0",
        "EMULATOR_CONTROL_PORT": "0",
        "EMULATOR_EXIT_ON_STDIN_EOF": "1",
        "EMULATOR_QUIET": "1",
    }
    # Its standard input ends with this process, so that it cannot be left behind.
    with subprocess.Popen(
        [os.environ["EMULATOR_BIN"]], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        yield Emulator(
            host=f"http://127.0.0.1:{ready['port']}", control_host=f"http://127.0.0.1:{ready['control_port']}"
        )
        process.terminate()
        assert process.wait(timeout=10) == 0


@pytest.fixture
def emulator(_process: Emulator) -> Emulator:
    _process.control("POST", "/reset")
    return _process


def by_token(emulator: Emulator, token: str = "emulator-token", **settings: Any) -> WorkspaceClient:
    return WorkspaceClient(config=Config(host=emulator.host, token=token, auth_type="pat", **settings))


def by_oauth(emulator: Emulator, secret: str = "emulator-secret", **settings: Any) -> WorkspaceClient:
    config = Config(
        host=emulator.host, client_id="emulator-client", client_secret=secret, auth_type="oauth-m2m", **settings
    )
    return WorkspaceClient(config=config)


@pytest.fixture(params=["pat", "oauth-m2m"])
def workspace(request: pytest.FixtureRequest, emulator: Emulator) -> WorkspaceClient:
    """The SDK's client, once with each kind of credential."""
    return by_token(emulator) if request.param == "pat" else by_oauth(emulator)


@pytest.fixture
def worker(emulator: Emulator) -> Iterator[str]:
    """The worker against the emulator: where it listens."""
    script = [str(ROOT / "node_modules/.bin/node"), str(ROOT / "tests/sdk/worker.mjs"), emulator.host]
    # Its standard input ends with this process, so that it cannot be left behind.
    with subprocess.Popen(script, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdin is not None
        yield json.loads(process.stdout.readline())["url"]
        process.stdin.close()
        assert process.wait(timeout=20) == 0


def call(worker: str, method: str, path: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json"} if data else {}
    request = urllib.request.Request(worker + path, data=data, method=method, headers=headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)
