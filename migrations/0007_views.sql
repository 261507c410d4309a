-- Views that people made, beside those everybody begins with.
CREATE TABLE view (
  id {id},
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  sort TEXT NOT NULL,
  columns {json} NOT NULL,
  grouping TEXT NOT NULL,
  -- "own", "team" or "shared"
  section TEXT NOT NULL,
  owner_id {int} NOT NULL REFERENCES agent (id),
  team_id {int} REFERENCES team (id),
  version {int} NOT NULL DEFAULT 1,
  created_at {int} NOT NULL
) {strict};

-- How somebody has arranged their views; a key is "mine" or "v12".
CREATE TABLE view_place (
  agent_id {int} NOT NULL REFERENCES agent (id),
  key TEXT NOT NULL,
  position {int} NOT NULL,
  hidden {bool} NOT NULL,
  PRIMARY KEY (agent_id, key)
) {strict};
