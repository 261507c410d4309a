-- Tickets asleep: until a moment, or (the end of time) until the customer writes.
ALTER TABLE ticket ADD COLUMN snoozed_until {int};
CREATE INDEX ticket_snoozed ON ticket (snoozed_until, id) WHERE snoozed_until IS NOT NULL;
-- Answers that go later, to be found when the customer writes before that.
CREATE INDEX message_scheduled ON message (ticket_id) WHERE state = 'scheduled';
