-- What a customer was told: by when they hear from us next.
CREATE TABLE promise (
  id {id},
  ticket_id {int} NOT NULL REFERENCES ticket (id),
  agent_id {int} REFERENCES agent (id),
  -- The answer that said so; none when it was said otherwise.
  message_id {int},
  text TEXT NOT NULL,
  made_at {int} NOT NULL,
  due_at {int} NOT NULL,
  withdrawn_at {int}
) {strict};
CREATE INDEX promise_of_ticket ON promise (ticket_id, id);
