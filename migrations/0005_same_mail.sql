-- Which message a fingerprint became stands in the inbound row that owns it.
ALTER TABLE inbound_fingerprint DROP COLUMN message_id;
