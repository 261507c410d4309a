-- Deadlines: policies that promise an answer in time, and the clocks that run for each ticket.

CREATE TABLE sla_policy (
  id {id},
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  -- The first policy that fits a ticket decides, for each of its metrics.
  position {int} NOT NULL,
  active {bool} NOT NULL,
  -- Which tickets, in the filter language.
  filter TEXT NOT NULL,
  -- In whose working hours; none: by the wall clock.
  calendar_id {int},
  -- By metric and priority, in seconds.
  targets {json} NOT NULL,
  -- The statuses in which a solution is not waited for.
  pauses {json} NOT NULL,
  -- After so much of the time people are warned.
  warn_percent {int} NOT NULL,
  -- What happens when it is too late.
  escalation {json} NOT NULL,
  -- Why it cannot be used at present; empty while it can.
  broken TEXT NOT NULL DEFAULT '',
  version {int} NOT NULL DEFAULT 1,
  created_at {int} NOT NULL
) {strict};

-- A clock: one metric of one ticket, from its beginning to its end. What it measured stays.
CREATE TABLE sla_clock (
  id {id},
  ticket_id {int} NOT NULL REFERENCES ticket (id),
  metric TEXT NOT NULL,
  -- For which team, in metrics of a team; else 0.
  scope {int} NOT NULL,
  policy_id {int} NOT NULL,
  calendar_id {int},
  -- Microseconds of working time.
  target {int} NOT NULL,
  warn_percent {int} NOT NULL,
  started_at {int} NOT NULL,
  -- When it ran: pairs of beginning and end, the last one open while it runs.
  runs {json} NOT NULL,
  -- The end of time while it stands still or is over.
  due_at {int} NOT NULL,
  stopped_at {int},
  breached_at {int},
  warned_at {int}
) {strict};
CREATE UNIQUE INDEX sla_clock_of_ticket ON sla_clock (ticket_id, metric, scope, started_at);
-- Those still running, for a calendar or a policy that changes.
CREATE INDEX sla_clock_running ON sla_clock (id) WHERE stopped_at IS NULL;
-- The report of a time.
CREATE INDEX sla_clock_started ON sla_clock (started_at, id);
CREATE INDEX sla_clock_late ON sla_clock (breached_at, id) WHERE breached_at IS NOT NULL;

-- What the list shows of the clocks: the one that ends first. The end of time: none runs.
ALTER TABLE ticket ADD COLUMN sla_due_at {int} NOT NULL DEFAULT 9223372036854775807;
ALTER TABLE ticket ADD COLUMN sla {json};
CREATE INDEX ticket_by_sla ON ticket (sla_due_at, id) WHERE sla_due_at < 9223372036854775807;

-- An answer that was to go later answers when it goes.
ALTER TABLE message ADD COLUMN answered_at {int};

-- Deadlines to be reckoned anew, ticket by ticket, after a policy or a calendar changed.
CREATE TABLE sla_review (
  id {id},
  reason TEXT NOT NULL,
  calendar_id {int},
  after_ticket {int} NOT NULL DEFAULT 0
) {strict};
