-- Facts about the database itself. `schema` names the newest migration whose tables the worker relies on.
CREATE TABLE meta (
  key TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
) STRICT;

INSERT INTO meta (key, value) VALUES ('schema', '1');
