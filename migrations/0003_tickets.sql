-- Tickets: what came in, what was said, what is to be sent.

-- Everything a channel handed over, kept from the moment it was accepted.
CREATE TABLE inbound (
  id {id},
  inbox_id {int} REFERENCES inbox (id),
  route TEXT NOT NULL,
  envelope_from TEXT NOT NULL,
  envelope_to {json} NOT NULL,
  raw {blob},
  raw_digest TEXT,
  size {int} NOT NULL,
  historic {bool} NOT NULL DEFAULT FALSE,
  state TEXT NOT NULL,
  reason_code TEXT,
  reason TEXT,
  fingerprint TEXT,
  message_id {int},
  from_text TEXT NOT NULL DEFAULT '',
  subject TEXT NOT NULL DEFAULT '',
  attempts {int} NOT NULL DEFAULT 0,
  received_at {int} NOT NULL
) {strict};
-- The intake takes what is new in order; the quarantine screen lists its own.
CREATE INDEX inbound_by_state ON inbound (state, id);

-- The written rule of sameness: one row per fingerprint, so the same mail by two routes is one message.
CREATE TABLE inbound_fingerprint (
  fingerprint TEXT NOT NULL PRIMARY KEY,
  inbound_id {int} NOT NULL,
  message_id {int}
) {strict};

-- A ticket's id is its number: given once, never used again, whatever is merged or split later.
-- waiting_since is the end of time (2^63-1) while nobody waits, so that it sorts the same on both engines.
CREATE TABLE ticket (
  id {id},
  subject TEXT NOT NULL,
  status TEXT NOT NULL,
  active {bool} NOT NULL,
  priority {int} NOT NULL,
  channel TEXT NOT NULL,
  contact_id {int} NOT NULL REFERENCES contact (id),
  inbox_id {int} NOT NULL REFERENCES inbox (id),
  brand_id {int} NOT NULL REFERENCES brand (id),
  team_id {int} REFERENCES team (id),
  assignee_id {int} REFERENCES agent (id),
  preview TEXT NOT NULL,
  last_author TEXT NOT NULL,
  message_count {int} NOT NULL,
  attachment_count {int} NOT NULL,
  last_message_id {int} NOT NULL DEFAULT 0,
  waiting_since {int} NOT NULL,
  previous_ticket_id {int},
  tags {json} NOT NULL,
  cc {json} NOT NULL,
  created_at {int} NOT NULL,
  updated_at {int} NOT NULL,
  version {int} NOT NULL DEFAULT 1,
  changed {json} NOT NULL
) {strict};
-- Each view's order, newest first, and the same for one status.
CREATE INDEX ticket_by_updated ON ticket (updated_at, id);
CREATE INDEX ticket_by_created ON ticket (created_at, id);
CREATE INDEX ticket_by_waiting ON ticket (waiting_since, id);
CREATE INDEX ticket_active ON ticket (active, updated_at, id);
CREATE INDEX ticket_active_created ON ticket (active, created_at, id);
CREATE INDEX ticket_status ON ticket (status, updated_at, id);
CREATE INDEX ticket_assignee ON ticket (assignee_id, active, updated_at, id);
CREATE INDEX ticket_team ON ticket (team_id, active, updated_at, id);
CREATE INDEX ticket_contact ON ticket (contact_id, updated_at, id);
CREATE INDEX ticket_inbox ON ticket (inbox_id, active, updated_at, id);

CREATE TABLE ticket_tag (
  tag TEXT NOT NULL,
  ticket_id {int} NOT NULL REFERENCES ticket (id),
  PRIMARY KEY (tag, ticket_id)
) {strict};
CREATE INDEX ticket_tag_by_ticket ON ticket_tag (ticket_id);

CREATE TABLE ticket_follower (
  ticket_id {int} NOT NULL REFERENCES ticket (id),
  agent_id {int} NOT NULL REFERENCES agent (id),
  PRIMARY KEY (ticket_id, agent_id)
) {strict};
CREATE INDEX ticket_follower_by_agent ON ticket_follower (agent_id);

-- How many tickets are where: +1/-1 rows written with every change, folded together in the background.
CREATE TABLE ticket_tally (
  id {id},
  status TEXT NOT NULL,
  inbox_id {int} NOT NULL,
  team_id {int} NOT NULL,
  assignee_id {int} NOT NULL,
  n {int} NOT NULL
) {strict};

-- What an agent has read of a ticket.
CREATE TABLE ticket_read (
  agent_id {int} NOT NULL,
  ticket_id {int} NOT NULL,
  message_id {int} NOT NULL,
  PRIMARY KEY (agent_id, ticket_id)
) {strict};

CREATE TABLE message (
  id {id},
  ticket_id {int} NOT NULL REFERENCES ticket (id),
  kind TEXT NOT NULL,
  author_kind TEXT NOT NULL,
  author_id {int},
  author_name TEXT NOT NULL,
  author_address TEXT NOT NULL,
  recipients {json} NOT NULL,
  subject TEXT NOT NULL,
  text TEXT NOT NULL,
  visible TEXT NOT NULL,
  quoted_lines {int} NOT NULL,
  html TEXT,
  in_reply_to TEXT,
  remote_images {int} NOT NULL DEFAULT 0,
  mentions {json} NOT NULL,
  attachments {json} NOT NULL,
  mail_id TEXT,
  mail_refs TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL,
  state_code TEXT,
  state_reason TEXT,
  undo_until {int},
  inbound_id {int},
  created_at {int} NOT NULL
) {strict};
-- A conversation, page by page from its end.
CREATE INDEX message_by_ticket ON message (ticket_id, id);

-- Which ticket a Message-ID belongs to; a repeated Message-ID with other words has several rows.
CREATE TABLE mail_id (
  mail_id TEXT NOT NULL,
  message_id {int} NOT NULL REFERENCES message (id),
  ticket_id {int} NOT NULL,
  PRIMARY KEY (mail_id, message_id)
) {strict};

CREATE TABLE attachment (
  id {id},
  message_id {int},
  ticket_id {int},
  agent_id {int},
  filename TEXT NOT NULL,
  content_type TEXT NOT NULL,
  content_id TEXT,
  inline {bool} NOT NULL,
  size {int} NOT NULL,
  digest TEXT NOT NULL,
  created_at {int} NOT NULL
) {strict};
CREATE INDEX attachment_by_message ON attachment (message_id);

-- What an agent has begun to write; one per ticket and agent.
CREATE TABLE draft (
  agent_id {int} NOT NULL,
  ticket_id {int} NOT NULL,
  kind TEXT NOT NULL,
  body_html TEXT NOT NULL,
  recipients {json} NOT NULL,
  attachments {json} NOT NULL,
  updated_at {int} NOT NULL,
  PRIMARY KEY (agent_id, ticket_id)
) {strict};

-- Imports that can be continued: a source and how far it was read.
CREATE TABLE import_run (
  source TEXT NOT NULL,
  inbox_id {int} NOT NULL,
  position {int} NOT NULL,
  imported {int} NOT NULL,
  finished {bool} NOT NULL,
  updated_at {int} NOT NULL,
  PRIMARY KEY (source, inbox_id)
) {strict};
