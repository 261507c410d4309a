-- The files of a page of a conversation among colleagues are read by its messages.
CREATE INDEX attachment_by_talk_message ON attachment (talk_message_id) WHERE talk_message_id IS NOT NULL;
