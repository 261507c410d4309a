-- Who gets what: classes of question on tickets, routes, and what each colleague can take.

ALTER TABLE ticket ADD COLUMN class_id {int};
-- The route that has it; 0: none fits. Nothing: nobody has asked yet.
ALTER TABLE ticket ADD COLUMN route_id {int};
-- Why nobody has got it so far, as a stable code.
ALTER TABLE ticket ADD COLUMN route_why TEXT NOT NULL DEFAULT '';
CREATE INDEX ticket_of_class ON ticket (class_id, updated_at, id) WHERE class_id IS NOT NULL;
CREATE INDEX ticket_to_route ON ticket (route_id, id) WHERE assignee_id IS NULL AND active = TRUE AND route_id > 0;
-- How much each has in hand, by channel.
CREATE INDEX ticket_load ON ticket (assignee_id, channel) WHERE assignee_id IS NOT NULL AND active = TRUE;

CREATE TABLE route (
  id {id},
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  position {int} NOT NULL,
  active {bool} NOT NULL,
  filter TEXT NOT NULL,
  -- What the ticket is given, where it has none.
  class_id {int} REFERENCES question_class (id),
  team_id {int} REFERENCES team (id),
  -- "round_robin", "least_loaded" or "manual"
  mode TEXT NOT NULL,
  -- To those the roster names; else to the team.
  by_roster {bool} NOT NULL,
  skills {json} NOT NULL,
  -- "last": who helped this customer last.
  prefer {json} NOT NULL,
  -- What nobody picked up after so many minutes is offered on.
  return_minutes {int},
  broken TEXT NOT NULL DEFAULT '',
  version {int} NOT NULL DEFAULT 1,
  created_at {int} NOT NULL
) {strict};

-- What somebody can take now.
CREATE TABLE agent_work (
  agent_id {int} NOT NULL PRIMARY KEY REFERENCES agent (id),
  away {bool} NOT NULL DEFAULT FALSE,
  -- When a screen of theirs was last connected.
  seen_at {int} NOT NULL DEFAULT 0,
  -- By channel, "*" for all together.
  limits {json} NOT NULL,
  -- The same, raised by themselves until a moment.
  raised {json} NOT NULL,
  raised_until {int} NOT NULL DEFAULT 0,
  skills {json} NOT NULL,
  -- When they were last given something.
  turn_at {int} NOT NULL DEFAULT 0
) {strict};

-- A ticket somebody was given and has not picked up yet, and who has let it lie before.
CREATE TABLE route_offer (
  ticket_id {int} NOT NULL PRIMARY KEY REFERENCES ticket (id),
  agent_id {int} NOT NULL,
  at {int} NOT NULL,
  passed {json} NOT NULL
) {strict};
CREATE INDEX route_offer_by_agent ON route_offer (agent_id);
