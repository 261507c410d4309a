-- What nobody has, the most pressing first: for "next" and for whoever distributes.
CREATE INDEX ticket_free ON ticket (priority, waiting_since, id) WHERE assignee_id IS NULL AND active = TRUE;
