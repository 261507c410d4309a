// What is known to be wrong and not yet mended. These lists may only become shorter.

/** Complaints of a screen that do not fail a test. */
export const knownComplaints = [
  // The API has no list of tags yet.
  /\/api\/v1\/tags .*status of 404/,
];
