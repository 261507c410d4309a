-- Who is entitled to ask: support plans, what an organization has agreed with us, the people it has named, strangers.

-- What a customer has bought. How fast it is answered is for the policies of time to say, by the plan's name.
CREATE TABLE plan (
  id {id},
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  -- How many contacts may be authorised; NULL is any number.
  contact_quota {int},
  -- Minutes of training a year.
  training_minutes {int} NOT NULL,
  discount_percent {int} NOT NULL,
  needs_account_manager {bool} NOT NULL,
  -- Where its tickets go; NULL leaves them where they came in.
  team_id {int} REFERENCES team (id),
  calendar_id {int},
  -- Whose its tickets are: "none" or "account_manager".
  assignee TEXT NOT NULL,
  customer_text TEXT NOT NULL,
  version {int} NOT NULL DEFAULT 1,
  created_at {int} NOT NULL
) {strict};

ALTER TABLE organization ADD COLUMN brand_id {int} REFERENCES brand (id);
ALTER TABLE organization ADD COLUMN plan_id {int} REFERENCES plan (id);
ALTER TABLE organization ADD COLUMN account_manager_id {int} REFERENCES agent (id);
ALTER TABLE organization ADD COLUMN vip {bool} NOT NULL DEFAULT FALSE;
ALTER TABLE organization ADD COLUMN modules {json} NOT NULL DEFAULT '[]';
-- Days, as 2026-01-31.
ALTER TABLE organization ADD COLUMN contract_since TEXT;
ALTER TABLE organization ADD COLUMN contract_until TEXT;
-- What is done about a stranger: "nothing", "warn", "hold", "answer"; NULL is as the department does.
ALTER TABLE organization ADD COLUMN stranger_policy TEXT;
-- plan: and manager: begin with these, then go by contact_by_organization and ticket_contact.
CREATE INDEX organization_by_plan ON organization (plan_id, id) WHERE plan_id IS NOT NULL;
CREATE INDEX organization_by_manager ON organization (account_manager_id, id) WHERE account_manager_id IS NOT NULL;
-- vip: begins with this one.
CREATE INDEX organization_by_vip ON organization (vip, id);

-- Licence keys and the like; read only by those who may change contacts.
CREATE TABLE organization_key (
  organization_id {int} NOT NULL REFERENCES organization (id),
  position {int} NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (organization_id, position)
) {strict};

-- Shops, offices, warehouses.
CREATE TABLE location (
  id {id},
  organization_id {int} NOT NULL REFERENCES organization (id),
  name TEXT NOT NULL,
  address TEXT NOT NULL,
  note TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  -- It is there no more; what happened in it still did.
  closed {bool} NOT NULL DEFAULT FALSE,
  version {int} NOT NULL DEFAULT 1
) {strict};
CREATE INDEX location_by_organization ON location (organization_id, id);
ALTER TABLE contact ADD COLUMN location_id {int} REFERENCES location (id);
ALTER TABLE ticket ADD COLUMN location_id {int} REFERENCES location (id);
CREATE INDEX contact_by_location ON contact (location_id) WHERE location_id IS NOT NULL;
CREATE INDEX ticket_by_location ON ticket (location_id) WHERE location_id IS NOT NULL;

-- Training: what the plan gives each year, what was used, what was put right. The balance is the sum.
CREATE TABLE training_entry (
  id {id},
  organization_id {int} NOT NULL REFERENCES organization (id),
  minutes {int} NOT NULL,
  -- For which year the plan gave them; NULL when a person wrote the entry.
  year {int},
  reason TEXT NOT NULL,
  agent_id {int} REFERENCES agent (id),
  at {int} NOT NULL
) {strict};
CREATE INDEX training_by_organization ON training_entry (organization_id, id);

-- How a new customer is taken in: steps to do, by whom, by when.
CREATE TABLE onboarding_template (
  id {id},
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  steps {json} NOT NULL,
  version {int} NOT NULL DEFAULT 1
) {strict};
CREATE TABLE onboarding_step (
  id {id},
  organization_id {int} NOT NULL REFERENCES organization (id),
  -- What the list it came from was called.
  list TEXT NOT NULL,
  position {int} NOT NULL,
  title TEXT NOT NULL,
  agent_id {int} REFERENCES agent (id),
  due_on TEXT NOT NULL,
  done_at {int},
  done_by {int} REFERENCES agent (id),
  version {int} NOT NULL DEFAULT 1
) {strict};
CREATE INDEX onboarding_by_organization ON onboarding_step (organization_id, id);
-- What is still to be done, the oldest first.
CREATE INDEX onboarding_to_do ON onboarding_step (due_on, id) WHERE done_at IS NULL;

-- Who may ask for an organization. Nobody gets here but by a colleague's hand.
CREATE TABLE authorised_contact (
  id {id},
  organization_id {int} NOT NULL REFERENCES organization (id),
  contact_id {int} NOT NULL REFERENCES contact (id),
  may_ask {bool} NOT NULL,
  may_approve {bool} NOT NULL,
  may_see_colleagues {bool} NOT NULL,
  -- They are asked about strangers.
  is_owner {bool} NOT NULL,
  since {int} NOT NULL,
  until {int},
  form_id {int} REFERENCES attachment (id),
  granted_by {int} REFERENCES agent (id),
  version {int} NOT NULL DEFAULT 1
) {strict};
CREATE UNIQUE INDEX authorised_once ON authorised_contact (organization_id, contact_id);
CREATE UNIQUE INDEX authorised_owner ON authorised_contact (organization_id) WHERE is_owner;
CREATE INDEX authorised_by_contact ON authorised_contact (contact_id);
-- A signed form belongs to an authorisation, not to a message.
ALTER TABLE attachment ADD COLUMN authorised_id {int};

-- How a ticket stands: "authorised", "stranger", "held", "confirmed", "refused"; NULL when nobody can say.
ALTER TABLE ticket ADD COLUMN entitlement TEXT;
-- entitlement: goes by this one. Most tickets of a department without lists are not in it.
CREATE INDEX ticket_by_entitlement ON ticket (entitlement, updated_at, id) WHERE entitlement IS NOT NULL;

-- Somebody who is on no list has written in a ticket, and what became of it.
CREATE TABLE stranger (
  id {id},
  ticket_id {int} NOT NULL REFERENCES ticket (id),
  contact_id {int} NOT NULL REFERENCES contact (id),
  organization_id {int} NOT NULL REFERENCES organization (id),
  -- "stranger", "held", "confirmed", "refused" or "authorised" (they were put on the list since)
  state TEXT NOT NULL,
  -- Who was asked, when, and until when the answer counts.
  owner_id {int} REFERENCES contact (id),
  asked_at {int},
  expires_at {int},
  -- Where the ticket stood before it was held.
  held_from TEXT,
  -- When they were answered by the template.
  answered_at {int},
  -- "owner", "agent" or "time"
  decided_by TEXT,
  decided_at {int},
  agent_id {int} REFERENCES agent (id),
  created_at {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX stranger_in_ticket ON stranger (ticket_id, contact_id);
CREATE INDEX stranger_by_contact ON stranger (contact_id, id);
