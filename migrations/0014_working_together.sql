-- What somebody has set for their own workspace: keys, by name.
ALTER TABLE agent ADD COLUMN preferences {json} NOT NULL DEFAULT '{}';

-- Who is writing the answer of a ticket. Over when the time is, whether or not somebody says so.
CREATE TABLE ticket_answering (
  ticket_id {int} NOT NULL PRIMARY KEY REFERENCES ticket (id),
  agent_id {int} NOT NULL REFERENCES agent (id),
  since {int} NOT NULL,
  until {int} NOT NULL
) {strict};

-- Conversations among colleagues beside a ticket's own.
CREATE TABLE talk (
  id {id},
  ticket_id {int} NOT NULL REFERENCES ticket (id),
  subject TEXT NOT NULL,
  is_open {bool} NOT NULL DEFAULT TRUE,
  created_by {int} NOT NULL REFERENCES agent (id),
  created_at {int} NOT NULL,
  -- When somebody last wrote in it.
  touched_at {int} NOT NULL,
  message_count {int} NOT NULL DEFAULT 0,
  version {int} NOT NULL DEFAULT 1
) {strict};
CREATE INDEX talk_by_ticket ON talk (ticket_id);

CREATE TABLE talk_member (
  talk_id {int} NOT NULL REFERENCES talk (id),
  agent_id {int} NOT NULL REFERENCES agent (id),
  -- The last message seen; 0 for none.
  seen {int} NOT NULL DEFAULT 0,
  PRIMARY KEY (talk_id, agent_id)
) {strict};

CREATE TABLE talk_message (
  id {id},
  talk_id {int} NOT NULL REFERENCES talk (id),
  agent_id {int} NOT NULL REFERENCES agent (id),
  html TEXT NOT NULL,
  text TEXT NOT NULL,
  at {int} NOT NULL
) {strict};
CREATE INDEX talk_message_by_talk ON talk_message (talk_id, id);

-- A notification may be about such a conversation.
ALTER TABLE notification ADD COLUMN talk_id {int};

-- A picture shown in such a conversation.
ALTER TABLE attachment ADD COLUMN talk_message_id {int};
