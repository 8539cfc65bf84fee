-- The platform database: durable evidence and the embedded orchestrator in one file.
-- Embedded into the program at build time; a change here needs a new user_version and a migration.
PRAGMA application_id = 1920298608;  -- "runp"
PRAGMA user_version = 1;

-- Every version of every object, never changed. `sha256` stands beside the bytes so that a row edited behind the
-- triggers is found on read. A delete marker has no bytes; runpin writes none, but would have to show one.
CREATE TABLE objects (
  key TEXT NOT NULL CHECK (length(CAST(key AS BLOB)) BETWEEN 1 AND 1024),
  version INTEGER NOT NULL CHECK (version >= 1),
  is_delete_marker INTEGER NOT NULL DEFAULT 0 CHECK (is_delete_marker IN (0, 1)),
  sha256 TEXT CHECK (length(sha256) = 64),
  bytes BLOB,
  CHECK ((bytes IS NULL) = is_delete_marker AND (sha256 IS NULL) = is_delete_marker),
  PRIMARY KEY (key, version)
) STRICT;

CREATE TRIGGER objects_refuse_update BEFORE UPDATE ON objects
BEGIN
  SELECT RAISE(ABORT, 'evidence is write-once: update refused');
END;

CREATE TRIGGER objects_refuse_delete BEFORE DELETE ON objects
BEGIN
  SELECT RAISE(ABORT, 'evidence is write-once: delete refused');
END;

-- INSERT OR REPLACE deletes without firing the delete trigger unless recursive_triggers is on.
CREATE TRIGGER objects_refuse_replace BEFORE INSERT ON objects
WHEN EXISTS (SELECT 1 FROM objects WHERE (key = NEW.key AND version = NEW.version) OR rowid = NEW.rowid)
BEGIN
  SELECT RAISE(ABORT, 'evidence is write-once: replace refused');
END;

-- Two state machines may have one name, in different accounts or regions; an ARN is one machine.
CREATE TABLE state_machines (
  arn TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  role_arn TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('ACTIVE', 'DELETING')),
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE executions (
  arn TEXT NOT NULL PRIMARY KEY,
  state_machine_arn TEXT NOT NULL REFERENCES state_machines (arn),
  name TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('RUNNING', 'SUCCEEDED', 'ABORTED')),
  input TEXT NOT NULL,
  started_at TEXT NOT NULL,
  stopped_at TEXT CHECK ((stopped_at IS NULL) = (status = 'RUNNING')),
  UNIQUE (state_machine_arn, name)
) STRICT;
