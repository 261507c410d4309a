-- Contacts with more than mail: other addresses, fields, a time zone; organizations with notes and domains; merging.
ALTER TABLE contact ADD COLUMN time_zone TEXT NOT NULL DEFAULT '';
ALTER TABLE contact ADD COLUMN locale TEXT NOT NULL DEFAULT '';
ALTER TABLE contact ADD COLUMN fields {json} NOT NULL DEFAULT '{}';
-- The contact this one was merged into; it is shown nowhere any more.
ALTER TABLE contact ADD COLUMN merged_into {int};
-- "mail", "phone", "telegram" …; the key of any but a mail address begins with its kind.
ALTER TABLE contact_address ADD COLUMN kind TEXT NOT NULL DEFAULT 'mail';
ALTER TABLE organization ADD COLUMN notes TEXT NOT NULL DEFAULT '';
ALTER TABLE organization ADD COLUMN fields {json} NOT NULL DEFAULT '{}';
ALTER TABLE organization ADD COLUMN version {int} NOT NULL DEFAULT 1;
CREATE INDEX contact_by_name ON contact (search_key, id);

-- Whoever writes from this domain for the first time belongs to the organization.
CREATE TABLE organization_domain (
  domain TEXT NOT NULL PRIMARY KEY,
  organization_id {int} NOT NULL REFERENCES organization (id)
) {strict};
CREATE INDEX organization_domain_by_organization ON organization_domain (organization_id);

-- The fields a department keeps of its contacts and organizations.
CREATE TABLE field (
  -- "contact" or "organization"
  owner TEXT NOT NULL,
  key TEXT NOT NULL,
  label TEXT NOT NULL,
  kind TEXT NOT NULL,
  choices {json} NOT NULL,
  position {int} NOT NULL,
  PRIMARY KEY (owner, key)
) {strict};

-- Two contacts made one, and what is needed to make them two again.
CREATE TABLE contact_merge (
  id {id},
  kept_id {int} NOT NULL,
  merged_id {int} NOT NULL,
  before {json} NOT NULL,
  undo_until {int} NOT NULL,
  undone {bool} NOT NULL DEFAULT FALSE
) {strict};
