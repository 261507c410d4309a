-- People: roles, agents, teams, brands, inboxes, organizations, contacts, sessions, tokens, links.

CREATE TABLE role (
  id {id},
  key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  permissions {json} NOT NULL,
  preset {bool} NOT NULL
) {strict};

CREATE TABLE agent (
  id {id},
  email TEXT NOT NULL,
  email_key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  number {int} NOT NULL UNIQUE,
  password_hash TEXT,
  role_id {int} NOT NULL REFERENCES role (id),
  active {bool} NOT NULL,
  locale TEXT NOT NULL,
  theme TEXT NOT NULL,
  version {int} NOT NULL DEFAULT 1,
  created_at {int} NOT NULL
) {strict};

CREATE TABLE team (
  id {id},
  name TEXT NOT NULL UNIQUE
) {strict};

CREATE TABLE team_member (
  team_id {int} NOT NULL REFERENCES team (id),
  agent_id {int} NOT NULL REFERENCES agent (id),
  PRIMARY KEY (team_id, agent_id)
) {strict};
CREATE INDEX team_member_by_agent ON team_member (agent_id);

CREATE TABLE brand (
  id {id},
  name TEXT NOT NULL UNIQUE,
  face TEXT NOT NULL,
  greeting {json} NOT NULL,
  closing {json} NOT NULL
) {strict};

CREATE TABLE inbox (
  id {id},
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  address TEXT NOT NULL,
  brand_id {int} NOT NULL REFERENCES brand (id),
  team_id {int} REFERENCES team (id),
  signature_html TEXT NOT NULL,
  locale TEXT NOT NULL,
  smtp_url TEXT,
  imap_url TEXT,
  dkim {json},
  plus_address {bool} NOT NULL DEFAULT FALSE,
  smtp_state TEXT NOT NULL DEFAULT 'none',
  smtp_detail TEXT NOT NULL DEFAULT '',
  imap_state TEXT NOT NULL DEFAULT 'none',
  imap_detail TEXT NOT NULL DEFAULT '',
  created_at {int} NOT NULL
) {strict};

-- Every address that leads to an inbox, its main one included.
CREATE TABLE inbox_address (
  address_key TEXT NOT NULL PRIMARY KEY,
  address TEXT NOT NULL,
  inbox_id {int} NOT NULL REFERENCES inbox (id)
) {strict};
CREATE INDEX inbox_address_by_inbox ON inbox_address (inbox_id);

-- How far a mailbox was read.
CREATE TABLE imap_cursor (
  inbox_id {int} NOT NULL PRIMARY KEY REFERENCES inbox (id),
  uidvalidity {int} NOT NULL,
  last_uid {int} NOT NULL
) {strict};

CREATE TABLE organization (
  id {id},
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  created_at {int} NOT NULL
) {strict};

CREATE TABLE contact (
  id {id},
  name TEXT NOT NULL,
  -- Where they are reached first; all their addresses are in contact_address.
  address TEXT NOT NULL,
  search_key TEXT NOT NULL,
  organization_id {int} REFERENCES organization (id),
  notes TEXT NOT NULL DEFAULT '',
  version {int} NOT NULL DEFAULT 1,
  created_at {int} NOT NULL
) {strict};
CREATE INDEX contact_by_organization ON contact (organization_id);

CREATE TABLE contact_address (
  address_key TEXT NOT NULL PRIMARY KEY,
  address TEXT NOT NULL,
  contact_id {int} NOT NULL REFERENCES contact (id)
) {strict};
CREATE INDEX contact_address_by_contact ON contact_address (contact_id);

-- What mail systems told us about a contact's address: complaints and bounces.
CREATE TABLE contact_flag (
  id {id},
  contact_id {int} NOT NULL REFERENCES contact (id),
  kind TEXT NOT NULL,
  detail TEXT NOT NULL,
  at {int} NOT NULL
) {strict};
CREATE INDEX contact_flag_by_contact ON contact_flag (contact_id, id);

CREATE TABLE session (
  id {id},
  token_hash {blob} NOT NULL UNIQUE,
  agent_id {int} NOT NULL REFERENCES agent (id),
  ip TEXT NOT NULL,
  user_agent TEXT NOT NULL,
  created_at {int} NOT NULL,
  last_seen_at {int} NOT NULL,
  expires_at {int} NOT NULL
) {strict};
CREATE INDEX session_by_agent ON session (agent_id);

CREATE TABLE api_token (
  id {id},
  token_hash {blob} NOT NULL UNIQUE,
  agent_id {int} NOT NULL REFERENCES agent (id),
  name TEXT NOT NULL,
  scopes {json} NOT NULL,
  created_at {int} NOT NULL,
  last_used_at {int}
) {strict};
CREATE INDEX api_token_by_agent ON api_token (agent_id);

-- Links sent by mail: invitations and password resets. A link works once.
CREATE TABLE link (
  id {id},
  token_hash {blob} NOT NULL UNIQUE,
  purpose TEXT NOT NULL,
  agent_id {int} NOT NULL REFERENCES agent (id),
  expires_at {int} NOT NULL,
  used_at {int}
) {strict};

-- Wrong guesses, by account and by network address.
CREATE TABLE login_failure (
  key TEXT NOT NULL PRIMARY KEY,
  failures {int} NOT NULL,
  last_at {int} NOT NULL
) {strict};
