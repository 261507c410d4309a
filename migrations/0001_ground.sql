-- The ground: the event log and its followers, jobs, timers, leases, settings, secrets.

CREATE TABLE event (
  seq {id},
  xid {xid},
  kind TEXT NOT NULL,
  subject {int} NOT NULL,
  author_kind TEXT NOT NULL,
  author_id {int},
  data {json} NOT NULL,
  at {int} NOT NULL
) {strict};
-- Followers read the log in this order.
CREATE INDEX event_order ON event (xid, seq);
-- A ticket's history.
CREATE INDEX event_by_subject ON event (subject, seq);

CREATE TABLE follower (
  name TEXT NOT NULL PRIMARY KEY,
  xid {int} NOT NULL,
  seq {int} NOT NULL
) {strict};

CREATE TABLE job (
  id {id},
  queue TEXT NOT NULL,
  dedupe_key TEXT NOT NULL,
  payload {json} NOT NULL,
  state TEXT NOT NULL,
  run_at {int} NOT NULL,
  holder TEXT,
  attempts {int} NOT NULL DEFAULT 0,
  last_error TEXT,
  created_at {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX job_by_key ON job (dedupe_key);
-- A running job's run_at is the end of its lease: one index serves both "due" and "abandoned".
CREATE INDEX job_due ON job (queue, state, run_at, id);

CREATE TABLE timer (
  id {id},
  kind TEXT NOT NULL,
  subject {int} NOT NULL,
  due_at {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX timer_by_subject ON timer (kind, subject);
CREATE INDEX timer_due ON timer (due_at, id);

CREATE TABLE lease (
  name TEXT NOT NULL PRIMARY KEY,
  holder TEXT NOT NULL,
  until {int} NOT NULL
) {strict};

CREATE TABLE setting (
  key TEXT NOT NULL PRIMARY KEY,
  value {json} NOT NULL
) {strict};

-- Sealed credentials, by purpose ("inbox:3:smtp").
CREATE TABLE credential (
  purpose TEXT NOT NULL PRIMARY KEY,
  sealed {blob} NOT NULL,
  updated_at {int} NOT NULL
) {strict};

-- Answers already given under an Idempotency-Key.
CREATE TABLE idempotent_answer (
  agent_id {int} NOT NULL,
  key TEXT NOT NULL,
  request TEXT NOT NULL,
  status {int} NOT NULL,
  body TEXT NOT NULL,
  created_at {int} NOT NULL,
  PRIMARY KEY (agent_id, key)
) {strict};
CREATE INDEX idempotent_answer_age ON idempotent_answer (created_at);
