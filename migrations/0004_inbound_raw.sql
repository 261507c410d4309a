-- The bytes of a mail apart from its row: the row changes while the mail is received, and the bytes need not be written again.
CREATE TABLE inbound_raw (
  inbound_id {int} NOT NULL PRIMARY KEY,
  raw {blob} NOT NULL
) {strict};
INSERT INTO inbound_raw (inbound_id, raw) SELECT id, raw FROM inbound WHERE raw IS NOT NULL;
ALTER TABLE inbound DROP COLUMN raw;
