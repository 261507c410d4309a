-- The last notification told by a digest, and where its reader reaches the department.
ALTER TABLE notification_setting ADD COLUMN digested {int} NOT NULL DEFAULT 0;
ALTER TABLE notification_setting ADD COLUMN base_url TEXT NOT NULL DEFAULT '';

-- Browsers that want to be told even while no page is open. Each lives as long as the session that asked for it.
CREATE TABLE push_subscription (
  id {id},
  agent_id {int} NOT NULL REFERENCES agent (id),
  session_id {int} NOT NULL,
  endpoint TEXT NOT NULL UNIQUE,
  p256dh TEXT NOT NULL,
  auth TEXT NOT NULL,
  name TEXT NOT NULL,
  created_at {int} NOT NULL
) {strict};
CREATE INDEX push_subscription_by_agent ON push_subscription (agent_id);
