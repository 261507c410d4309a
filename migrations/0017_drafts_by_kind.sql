-- An answer and a note begun side by side: one draft of each kind per ticket and agent.
CREATE TABLE draft_by_kind (
  agent_id {int} NOT NULL,
  ticket_id {int} NOT NULL,
  kind TEXT NOT NULL,
  body_html TEXT NOT NULL,
  recipients {json} NOT NULL,
  attachments {json} NOT NULL,
  updated_at {int} NOT NULL,
  PRIMARY KEY (agent_id, ticket_id, kind)
) {strict};
INSERT INTO draft_by_kind (agent_id, ticket_id, kind, body_html, recipients, attachments, updated_at)
  SELECT agent_id, ticket_id, kind, body_html, recipients, attachments, updated_at FROM draft;
DROP TABLE draft;
ALTER TABLE draft_by_kind RENAME TO draft;
