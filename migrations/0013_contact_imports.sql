-- Contacts read from a file: how far that has come, and the lines that could not be taken.
CREATE TABLE contact_import (
  id {id},
  agent_id {int} NOT NULL REFERENCES agent (id),
  digest TEXT NOT NULL,
  mapping {json} NOT NULL,
  update_existing {bool} NOT NULL,
  -- "running", "done", "cancelled"
  state TEXT NOT NULL,
  position {int} NOT NULL DEFAULT 0,
  total {int} NOT NULL,
  created {int} NOT NULL DEFAULT 0,
  updated {int} NOT NULL DEFAULT 0,
  skipped {int} NOT NULL DEFAULT 0,
  bad {int} NOT NULL DEFAULT 0,
  created_at {int} NOT NULL
) {strict};

CREATE TABLE contact_import_bad (
  import_id {int} NOT NULL REFERENCES contact_import (id),
  line {int} NOT NULL,
  reason TEXT NOT NULL,
  cells {json} NOT NULL,
  PRIMARY KEY (import_id, line)
) {strict};
