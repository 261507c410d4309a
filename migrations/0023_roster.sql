-- The roster: classes of question, who is on duty when, absences, rotations, requests among colleagues, hand-over, routine.
CREATE TABLE question_class (
  id {id},
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  note TEXT NOT NULL,
  position {int} NOT NULL,
  -- One of the hues of the workspace's tokens.
  colour TEXT NOT NULL,
  -- When somebody must be there.
  cover {json} NOT NULL,
  -- Classes are put away, not deleted: past shifts keep their name.
  active {bool} NOT NULL,
  version {int} NOT NULL DEFAULT 1
) {strict};

CREATE TABLE roster_rotation (
  id {id},
  name TEXT NOT NULL,
  class_id {int} REFERENCES question_class (id),
  kind TEXT NOT NULL,
  agents {json} NOT NULL,
  -- One turn lasts so many days …
  days {int} NOT NULL,
  -- … counted from this day, "2026-11-23", in this zone.
  starts_on TEXT NOT NULL,
  zone TEXT NOT NULL,
  -- The hours of each day; empty is the whole turn without a break.
  hours {json} NOT NULL,
  active {bool} NOT NULL
) {strict};

CREATE TABLE roster_shift (
  id {id},
  -- NULL is the department's general shift.
  class_id {int} REFERENCES question_class (id),
  agent_id {int} NOT NULL REFERENCES agent (id),
  -- "shift": at the desk; "duty": answerable for the class, at the desk or not.
  kind TEXT NOT NULL,
  starts_at {int} NOT NULL,
  ends_at {int} NOT NULL,
  state TEXT NOT NULL,
  note TEXT NOT NULL,
  rotation_id {int} REFERENCES roster_rotation (id),
  -- Which place of the rotation it fills: "2026-11-23/0". A place is filled once.
  slot TEXT,
  version {int} NOT NULL DEFAULT 1
) {strict};
-- The roster of a range, and who is on duty at a moment.
CREATE INDEX roster_shift_by_end ON roster_shift (ends_at, starts_at);
CREATE INDEX roster_shift_by_agent ON roster_shift (agent_id, ends_at);
CREATE UNIQUE INDEX roster_shift_by_slot ON roster_shift (rotation_id, slot) WHERE rotation_id IS NOT NULL;

CREATE TABLE roster_absence (
  id {id},
  agent_id {int} NOT NULL REFERENCES agent (id),
  kind TEXT NOT NULL,
  -- Whole days where the person is, both included …
  first_day TEXT NOT NULL,
  last_day TEXT NOT NULL,
  -- … and the moments they begin and end at.
  starts_at {int} NOT NULL,
  ends_at {int} NOT NULL,
  note TEXT NOT NULL
) {strict};
CREATE INDEX roster_absence_by_end ON roster_absence (ends_at);

CREATE TABLE roster_request (
  id {id},
  -- "cover": take my shift; "swap": my shift for yours.
  kind TEXT NOT NULL,
  shift_id {int} NOT NULL,
  other_shift_id {int},
  from_agent_id {int} NOT NULL REFERENCES agent (id),
  -- NULL: whoever can.
  to_agent_id {int} REFERENCES agent (id),
  note TEXT NOT NULL,
  state TEXT NOT NULL,
  created_at {int} NOT NULL,
  answered_at {int},
  answered_by {int} REFERENCES agent (id)
) {strict};
CREATE INDEX roster_request_open ON roster_request (shift_id) WHERE state = 'asked';
CREATE INDEX roster_request_other ON roster_request (other_shift_id) WHERE state = 'asked';

CREATE TABLE roster_handover (
  id {id},
  class_id {int} REFERENCES question_class (id),
  agent_id {int} NOT NULL REFERENCES agent (id),
  text TEXT NOT NULL,
  -- The numbers of the tickets that were open when it was written.
  tickets {json} NOT NULL,
  at {int} NOT NULL
) {strict};
CREATE INDEX roster_handover_by_time ON roster_handover (at);

CREATE TABLE roster_handover_read (
  handover_id {int} NOT NULL REFERENCES roster_handover (id),
  agent_id {int} NOT NULL REFERENCES agent (id),
  at {int} NOT NULL,
  PRIMARY KEY (handover_id, agent_id)
) {strict};

CREATE TABLE roster_check (
  id {id},
  class_id {int} REFERENCES question_class (id),
  title TEXT NOT NULL,
  -- "shift" or "day"
  every TEXT NOT NULL,
  position {int} NOT NULL,
  active {bool} NOT NULL
) {strict};

CREATE TABLE roster_tick (
  check_id {int} NOT NULL REFERENCES roster_check (id),
  -- "day:2026-11-23" or "shift:17"
  occasion TEXT NOT NULL,
  agent_id {int} NOT NULL REFERENCES agent (id),
  at {int} NOT NULL,
  PRIMARY KEY (check_id, occasion)
) {strict};

-- One secret calendar address a person.
CREATE TABLE roster_feed (
  agent_id {int} NOT NULL PRIMARY KEY REFERENCES agent (id),
  token_hash {blob} NOT NULL UNIQUE,
  created_at {int} NOT NULL,
  read_at {int}
) {strict};
