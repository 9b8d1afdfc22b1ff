-- The registry: plans, their versions, handoffs, deployments, runs, the audit log and the answers of repeated requests.
--
-- Times are UTC as RFC 3339 with milliseconds, so that they sort as text. Columns that hold JSON say so. What must
-- never change is held by triggers: not even a statement that somebody types by hand gets past them unnoticed.

-- Conditions of a transaction. `INSERT INTO guard (holds) SELECT ...` stores nothing; unless it says 1, it ends the
-- transaction. A batch of D1 is a transaction and knows no IF, so this is how it says "only if nothing has changed".
CREATE VIEW guard (holds) AS SELECT 1 WHERE 0;

CREATE TRIGGER guard_fails INSTEAD OF INSERT ON guard WHEN NEW.holds IS NOT 1
BEGIN
  SELECT RAISE(ABORT, 'guard failed');
END;

CREATE TABLE plans (
  plan_id TEXT PRIMARY KEY NOT NULL,
  plan_name TEXT NOT NULL,
  -- The newest version and its hash.
  version TEXT NOT NULL,
  plan_hash TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft', 'deployed', 'paused', 'archived')),
  pattern TEXT NOT NULL,
  -- catalog.schema.table
  source TEXT NOT NULL,
  target TEXT NOT NULL,
  owner TEXT NOT NULL,
  -- What a search looks at: name, description, owner, source, target and tags, in lower case.
  search TEXT NOT NULL,
  handoff_id TEXT,
  created_at TEXT NOT NULL,
  created_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  updated_by TEXT NOT NULL
) STRICT;

CREATE INDEX plans_by_update ON plans (updated_at DESC, plan_id);
CREATE INDEX plans_by_state ON plans (state, updated_at DESC, plan_id);
CREATE INDEX plans_by_target ON plans (target, updated_at DESC, plan_id);
CREATE INDEX plans_by_owner ON plans (owner, updated_at DESC, plan_id);
CREATE INDEX plans_by_handoff ON plans (handoff_id) WHERE handoff_id IS NOT NULL;

CREATE TRIGGER plans_stay BEFORE DELETE ON plans
BEGIN
  SELECT RAISE(ABORT, 'plans are archived, not deleted');
END;

CREATE TABLE plan_versions (
  plan_id TEXT NOT NULL REFERENCES plans (plan_id),
  version TEXT NOT NULL,
  -- 1 for the first version of the plan, then counted.
  ordinal INTEGER NOT NULL,
  plan_hash TEXT NOT NULL,
  change TEXT NOT NULL CHECK (change IN ('first', 'major', 'minor', 'patch')),
  -- The plan, JSON.
  plan TEXT NOT NULL,
  note TEXT,
  handoff_id TEXT,
  created_at TEXT NOT NULL,
  created_by TEXT NOT NULL,
  PRIMARY KEY (plan_id, version),
  UNIQUE (plan_id, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER plan_versions_never_change BEFORE UPDATE ON plan_versions
BEGIN
  SELECT RAISE(ABORT, 'a version never changes');
END;

CREATE TRIGGER plan_versions_stay BEFORE DELETE ON plan_versions
BEGIN
  SELECT RAISE(ABORT, 'a version is never deleted');
END;

CREATE TABLE handoffs (
  handoff_id TEXT PRIMARY KEY NOT NULL,
  space_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  -- The messages that the handoff was made from, JSON list of texts.
  message_ids TEXT NOT NULL,
  -- The message that a run's result is told to.
  answer_message_id TEXT,
  -- What travels in the link; redacted before it comes here. JSON but for the payload.
  payload TEXT NOT NULL,
  context TEXT NOT NULL,
  readiness TEXT NOT NULL,
  issues TEXT NOT NULL,
  created_at TEXT NOT NULL,
  created_by TEXT NOT NULL,
  expires_at TEXT
) STRICT;

CREATE INDEX handoffs_by_session ON handoffs (space_id, conversation_id, created_at DESC);

-- The one job that a plan has at Databricks, and who is working on it right now.
CREATE TABLE plan_jobs (
  plan_id TEXT PRIMARY KEY NOT NULL REFERENCES plans (plan_id),
  job_id TEXT,
  file_path TEXT,
  -- The version that the job runs.
  version TEXT,
  plan_hash TEXT,
  -- Held by one request at a time; free when empty or when its time has passed.
  lease TEXT,
  lease_until TEXT,
  updated_at TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX plan_jobs_by_job ON plan_jobs (job_id) WHERE job_id IS NOT NULL;

CREATE TABLE deployments (
  deployment_id TEXT PRIMARY KEY NOT NULL,
  plan_id TEXT NOT NULL REFERENCES plans (plan_id),
  version TEXT NOT NULL,
  plan_hash TEXT NOT NULL,
  job_id TEXT,
  job_url TEXT,
  file_path TEXT,
  state TEXT NOT NULL CHECK (state IN ('in_progress', 'deployed', 'paused', 'undeployed', 'failed')),
  -- 1 if this deployment made the job.
  created INTEGER NOT NULL DEFAULT 0,
  run_as TEXT,
  -- JSON
  schedule TEXT,
  -- JSON list
  steps TEXT NOT NULL DEFAULT '[]',
  handoff_id TEXT,
  deployed_at TEXT NOT NULL,
  deployed_by TEXT NOT NULL,
  ended_at TEXT
) STRICT;

CREATE INDEX deployments_by_plan ON deployments (plan_id, deployed_at DESC, deployment_id);

CREATE TABLE runs (
  run_id TEXT PRIMARY KEY NOT NULL,
  plan_id TEXT NOT NULL REFERENCES plans (plan_id),
  version TEXT,
  plan_hash TEXT,
  job_id TEXT NOT NULL,
  run_url TEXT,
  trigger TEXT NOT NULL CHECK (trigger IN ('manual', 'schedule', 'repair')),
  state TEXT NOT NULL CHECK (
    state IN ('waiting', 'running', 'cancelling', 'succeeded', 'failed', 'cancelled', 'skipped', 'unknown')
  ),
  upstream_state TEXT,
  message TEXT,
  queued_at TEXT NOT NULL,
  started_at TEXT,
  ended_at TEXT,
  duration_ms INTEGER,
  -- JSON list
  stages TEXT NOT NULL DEFAULT '[]',
  -- JSON; counts are texts
  row_counts TEXT,
  feedback TEXT NOT NULL DEFAULT 'not_applicable' CHECK (
    feedback IN ('sent', 'off', 'not_applicable', 'failed', 'pending')
  ),
  feedback_tries INTEGER NOT NULL DEFAULT 0,
  requested_by TEXT,
  -- The token that makes starting it at Databricks safe to repeat.
  idempotency_token TEXT,
  -- When it is to be looked at again; empty once it has ended.
  check_at TEXT,
  updated_at TEXT NOT NULL
) STRICT;

CREATE INDEX runs_by_plan ON runs (plan_id, queued_at DESC, run_id);
CREATE INDEX runs_to_check ON runs (check_at) WHERE check_at IS NOT NULL;
CREATE INDEX runs_to_tell ON runs (feedback, ended_at) WHERE feedback = 'pending';
CREATE UNIQUE INDEX runs_by_token ON runs (idempotency_token) WHERE idempotency_token IS NOT NULL;

-- Who did what. Rows are chained: each holds the hash of the one before, docs/decisions/0008-registry.md.
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY NOT NULL,
  at TEXT NOT NULL,
  action TEXT NOT NULL,
  phase TEXT NOT NULL CHECK (phase IN ('before', 'after', 'only')),
  outcome TEXT NOT NULL CHECK (outcome IN ('started', 'ok', 'failed', 'refused', 'unknown')),
  caller TEXT NOT NULL,
  request_id TEXT NOT NULL,
  plan_id TEXT,
  version TEXT,
  plan_hash TEXT,
  handoff_id TEXT,
  genie_session TEXT,
  -- JSON object of short texts
  detail TEXT NOT NULL,
  prev_hash TEXT NOT NULL UNIQUE,
  hash TEXT NOT NULL UNIQUE
) STRICT;

CREATE INDEX audit_by_plan ON audit (plan_id, seq DESC) WHERE plan_id IS NOT NULL;
CREATE INDEX audit_by_caller ON audit (caller, seq DESC);
CREATE INDEX audit_by_action ON audit (action, seq DESC);
CREATE INDEX audit_by_time ON audit (at, seq);

-- The end of the chain. Without it, cutting off the newest rows would leave a shorter chain that still fits.
CREATE TABLE audit_head (
  id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT;

INSERT INTO audit_head (id, seq, hash)
VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

CREATE TRIGGER audit_continues BEFORE INSERT ON audit
BEGIN
  SELECT RAISE(ABORT, 'audit head moved')
  WHERE NOT EXISTS (SELECT 1 FROM audit_head WHERE seq = NEW.seq - 1 AND hash = NEW.prev_hash);
END;

CREATE TRIGGER audit_moves_head AFTER INSERT ON audit
BEGIN
  UPDATE audit_head SET seq = NEW.seq, hash = NEW.hash WHERE id = 1;
END;

CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;

CREATE TRIGGER audit_stays BEFORE DELETE ON audit
BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;

-- What was answered to a request with an Idempotency-Key.
CREATE TABLE idempotency_keys (
  caller TEXT NOT NULL,
  -- Method and path.
  route TEXT NOT NULL,
  key TEXT NOT NULL,
  body_hash TEXT NOT NULL,
  -- Names the request that works on it.
  claim TEXT NOT NULL,
  -- Empty while the work is under way; then the answer.
  status INTEGER,
  headers TEXT,
  answer TEXT,
  -- Until then nobody else takes the work over, or the answer is kept.
  expires_at TEXT NOT NULL,
  PRIMARY KEY (caller, route, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);

UPDATE meta SET value = '2' WHERE key = 'schema';
