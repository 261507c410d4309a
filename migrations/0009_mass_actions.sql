-- One change to many tickets: a job with a progress, and what is needed to take it back.
CREATE TABLE mass_action (
  id {id},
  agent_id {int} NOT NULL REFERENCES agent (id),
  action {json} NOT NULL,
  -- "running", "done", "cancelled", "undoing", "undone"
  state TEXT NOT NULL,
  total {int} NOT NULL,
  done {int} NOT NULL DEFAULT 0,
  failed {int} NOT NULL DEFAULT 0,
  skipped {int} NOT NULL DEFAULT 0,
  undo_until {int},
  created_at {int} NOT NULL
) {strict};
CREATE INDEX mass_action_by_agent ON mass_action (agent_id, id);

CREATE TABLE mass_item (
  action_id {int} NOT NULL REFERENCES mass_action (id),
  ticket_id {int} NOT NULL,
  -- "waiting", "done", "skipped", "failed", "undone", "kept" (changed by somebody since)
  state TEXT NOT NULL,
  before {json},
  PRIMARY KEY (action_id, ticket_id)
) {strict};
CREATE INDEX mass_item_by_state ON mass_item (action_id, state, ticket_id);
