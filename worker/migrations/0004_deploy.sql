-- What deployments and runs need beyond the registry's own tables.

-- The deployment that the job comes from, every name that the job may have (JSON list), whether its schedule waits, and
-- when its runs were last looked at.
ALTER TABLE plan_jobs ADD COLUMN deployment_id TEXT;
ALTER TABLE plan_jobs ADD COLUMN job_names TEXT NOT NULL DEFAULT '[]';
ALTER TABLE plan_jobs ADD COLUMN paused INTEGER NOT NULL DEFAULT 0;
ALTER TABLE plan_jobs ADD COLUMN watched_at TEXT;

CREATE INDEX plan_jobs_to_watch ON plan_jobs (watched_at) WHERE job_id IS NOT NULL;

-- Whether we have asked the run to end, and who is telling Genie about it until when.
ALTER TABLE runs ADD COLUMN cancel_asked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN feedback_claim TEXT;
ALTER TABLE runs ADD COLUMN feedback_claim_until TEXT;
-- How often the number of its rows has been asked for.
ALTER TABLE runs ADD COLUMN rows_tries INTEGER NOT NULL DEFAULT 0;

UPDATE meta SET value = '4' WHERE key = 'schema';
