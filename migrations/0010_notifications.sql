-- What concerns one person: kept until read, told at once when they are there.
CREATE TABLE notification (
  id {id},
  agent_id {int} NOT NULL REFERENCES agent (id),
  kind TEXT NOT NULL,
  ticket_id {int} NOT NULL,
  message_id {int},
  author_kind TEXT NOT NULL,
  author_id {int},
  text TEXT NOT NULL,
  at {int} NOT NULL,
  read {bool} NOT NULL DEFAULT FALSE
) {strict};
CREATE INDEX notification_by_agent ON notification (agent_id, id);
CREATE INDEX notification_unread ON notification (agent_id) WHERE read = FALSE;

-- How somebody wants to be told.
CREATE TABLE notification_setting (
  agent_id {int} NOT NULL PRIMARY KEY REFERENCES agent (id),
  value {json} NOT NULL
) {strict};
