-- When the department works: deadlines are counted in a calendar's working time.
CREATE TABLE calendar (
  id {id},
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  time_zone TEXT NOT NULL,
  -- zone, week and days that differ, as crates/calendar reads them
  spec {json} NOT NULL,
  -- of the spec; calendars that say the same are worked out once
  digest TEXT NOT NULL,
  version {int} NOT NULL DEFAULT 1,
  created_at {int} NOT NULL
) {strict};
