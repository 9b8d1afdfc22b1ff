-- Sessions of people who have signed in with Databricks. A copy of this table opens nothing: the id in the cookie is
-- kept as a hash, and the tokens are sealed with a key that the database does not have.

CREATE TABLE sessions (
  -- SHA-256 of the id in the cookie, hex.
  session TEXT PRIMARY KEY NOT NULL,
  caller TEXT NOT NULL,
  name TEXT NOT NULL,
  -- Access and refresh token, AES-256-GCM.
  tokens TEXT NOT NULL,
  -- Counts the refreshes. Refresh tokens work once, so whoever writes new tokens says which ones they replace.
  generation INTEGER NOT NULL DEFAULT 0,
  -- While somebody refreshes, until when; milliseconds since 1970.
  refreshing_until INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL,
  -- Milliseconds since 1970.
  ends_at INTEGER NOT NULL
) STRICT;

CREATE INDEX sessions_by_end ON sessions (ends_at);
