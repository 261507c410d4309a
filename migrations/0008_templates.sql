-- Words ready to be sent, with places for names.
CREATE TABLE template (
  id {id},
  name TEXT NOT NULL,
  shortcut TEXT NOT NULL,
  body_html TEXT NOT NULL,
  -- "own", "team" or "shared"
  section TEXT NOT NULL,
  owner_id {int} NOT NULL REFERENCES agent (id),
  team_id {int} REFERENCES team (id),
  -- "ru", "en", or nothing for both
  locale TEXT,
  -- Where a ticket stands after an answer made of it, and what it is tagged with.
  status TEXT,
  tags {json} NOT NULL,
  uses {int} NOT NULL DEFAULT 0,
  version {int} NOT NULL DEFAULT 1,
  created_at {int} NOT NULL
) {strict};
