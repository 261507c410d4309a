-- Who changed the department's settings: what it was, what it is. Secrets are never in it.
CREATE TABLE audit (
  id {id},
  at {int} NOT NULL,
  agent_id {int},
  kind TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  object_id {int} NOT NULL,
  object_name TEXT NOT NULL,
  before {json},
  after {json}
) {strict};
