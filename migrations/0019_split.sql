-- What hangs on a message is found by it: a message that goes to another ticket, or is taken back, takes it along.
CREATE INDEX mail_id_by_message ON mail_id (message_id);
CREATE INDEX notification_by_message ON notification (message_id) WHERE message_id IS NOT NULL;
