"""A small lakehouse for tests: Sail with Delta tables, and the renderer under test."""

import datetime
import decimal
import glob
import json
import os
import shlex
import subprocess
import tempfile

os.environ["TZ"] = "UTC"
CATALOGS = ["main", "lake-house", "Ünïcode", "2024"]
os.environ["SAIL_CATALOG__LIST"] = "[%s]" % ", ".join(
    '{name="%s", type="memory", initial_database=["default"]}' % name for name in CATALOGS
)
os.environ["SAIL_CATALOG__DEFAULT_CATALOG"] = "main"
os.environ.setdefault("RUST_LOG", "error")

from pysail.spark import SparkConnectServer  # noqa: E402
from pyspark.sql import SparkSession  # noqa: E402

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))


class Refused(Exception):
    """The renderer refused a plan."""

    def __init__(self, problem):
        super().__init__(json.dumps(problem))
        self.problem = problem

    @property
    def codes(self):
        issues = self.problem.get("issues", [])
        return [i["code"] for i in issues if i["severity"] == "error"] or [self.problem.get("code")]


class Renderer:
    """The native renderer, kept open. GENIE_HANDOFF_RENDER names a command, such as "node pkg/bin/genie-handoff.js
    render", that then writes every load that needs no options: plan on stdin, load on stdout."""

    def __init__(self):
        self.command = os.environ.get("GENIE_HANDOFF_RENDER")
        target = os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target"))
        self.process = subprocess.Popen(
            [os.path.join(target, "debug", "examples", "render"), "--serve"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def __call__(self, plan, *args):
        if self.command and not args:
            return self.outside(plan)
        self.process.stdin.write(json.dumps({"plan": plan, "args": list(args)}) + "\n")
        self.process.stdin.flush()
        reply = json.loads(self.process.stdout.readline())
        if "error" in reply:
            raise Refused(reply["error"])
        return reply["ok"]

    def outside(self, plan):
        done = subprocess.run(
            shlex.split(self.command), input=json.dumps(plan), capture_output=True, text=True, encoding="utf-8", cwd=ROOT
        )
        if done.returncode == 0:
            return done.stdout
        assert done.returncode == 1 and not done.stdout, (done.returncode, done.stdout, done.stderr)
        # What it says in words is another suite's subject; that it refuses must be true of both.
        self(plan, "load")
        raise AssertionError(f"refused outside only: {done.stderr}")

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


_server = None
# A session that is collected while a client thread starts can deadlock, so every one is kept.
_sessions = []
# Removed when the process ends.
_tables = tempfile.TemporaryDirectory(prefix="genie-handoff-sql-")


def session():
    global _server
    if _server is None:
        _server = SparkConnectServer(ip="127.0.0.1", port=0)
        _server.start(background=True)
    ip, port = _server.listening_address
    spark = (
        SparkSession.builder.remote(f"sc://{ip}:{port}")
        .config("spark.sql.warehouse.dir", tempfile.mkdtemp(dir=_tables.name))
        .config("spark.sql.sources.default", "delta")
        .config("spark.sql.session.timeZone", "UTC")
        .create()
    )
    _sessions.append(spark)
    return spark


def quote(name):
    return "`" + name.replace("`", "``") + "`"


def path(table):
    return ".".join(quote(part) for part in table)


def literal(value, kind):
    if value is None:
        return f"CAST(NULL AS {kind})"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime):
        return f"TIMESTAMP'{value.isoformat(sep=' ')}'"
    if isinstance(value, datetime.date):
        return f"DATE'{value.isoformat()}'"
    if isinstance(value, str):
        text = value.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
        return f"'{text}'"
    return f"CAST('{value}' AS {kind})"


class Lake:
    """One fresh set of catalogs."""

    def __init__(self, renderer):
        self.spark = session()
        self.renderer = renderer
        self.directory = self.spark.conf.get("spark.sql.warehouse.dir")
        self.schemas = set()
        self.types = {}

    def sql(self, text, **parameters):
        # Sail binds parameters in queries and not in commands, so this does what binding a string does.
        for name, value in parameters.items():
            assert f":{name} " in text
            text = text.replace(f":{name} ", literal(value, "STRING") + " ")
        return [tuple(row) for row in self.spark.sql(text).collect()]

    def create(self, table, columns, rows=()):
        """Creates a table; `columns` is {name: type}, rows are tuples or dicts."""
        if table[:2] not in self.schemas:
            self.sql(f"CREATE SCHEMA IF NOT EXISTS {path(table[:2])}")
            self.schemas.add(table[:2])
        definition = ", ".join(f"{quote(name)} {kind}" for name, kind in columns.items())
        self.sql(f"CREATE TABLE {path(table)} ({definition}) USING DELTA")
        self.types[table] = dict(columns)
        self.insert(table, rows)

    def schema(self, table):
        if table[:2] not in self.schemas:
            self.sql(f"CREATE SCHEMA IF NOT EXISTS {path(table[:2])}")
            self.schemas.add(table[:2])

    def insert(self, table, rows):
        columns = self.types[table]
        rows = [tuple(r.get(c) for c in columns) if isinstance(r, dict) else r for r in rows]
        if rows:
            values = ", ".join(
                "(" + ", ".join(literal(v, k) for v, k in zip(row, columns.values())) + ")" for row in rows
            )
            self.sql(f"INSERT INTO {path(table)} VALUES {values}")

    def replace(self, table, rows):
        self.sql(f"DELETE FROM {path(table)} WHERE TRUE")
        self.insert(table, rows)

    def rows(self, table, *columns):
        wanted = ", ".join(quote(c) for c in columns) if columns else "*"
        return ordered(self.sql(f"SELECT {wanted} FROM {path(table)}"))

    def dicts(self, table):
        frame = self.spark.sql(f"SELECT * FROM {path(table)}")
        return [dict(zip(frame.columns, tuple(row))) for row in frame.collect()]

    def exists(self, table):
        try:
            self.sql(f"SELECT 1 FROM {path(table)} LIMIT 1")
            return True
        except Exception:
            return False

    def commits(self):
        return len(glob.glob(os.path.join(self.directory, "**", "_delta_log", "*.json"), recursive=True))

    def render(self, plan, *args):
        return self.renderer(plan, *args)

    def load(self, plan, *args, **parameters):
        """Runs the load once: one statement, at most one commit. Returns the number of commits."""
        text = self.renderer(plan, *args)
        before = self.commits()
        self.sql(text, **parameters)
        made = self.commits() - before
        assert made <= 1, f"{made} commits for one run:\n{text}"
        return made

    def setup(self, plan, *args):
        for statement in self.renderer(plan, "setup", *args):
            self.sql(statement["sql"])

    def preview(self, plan, *args):
        """All columns of all previews as one dict."""
        found = {}
        for statement in self.renderer(plan, "previews", *args):
            frame = self.spark.sql(statement["sql"])
            (row,) = frame.collect()
            found.update(zip(frame.columns, tuple(row)))
        return found


def ordered(rows):
    """Rows in an order that does not depend on the engine; NULL first, types apart."""
    return sorted(rows, key=lambda row: [key(value) for value in row])


def key(value):
    if value is None:
        return (0, "")
    if isinstance(value, bool):
        return (1, value)
    if isinstance(value, (int, float, decimal.Decimal)):
        return (2, value)
    if isinstance(value, (datetime.datetime, datetime.date)):
        return (3, value.isoformat())
    return (4, str(value))
