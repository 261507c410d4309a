// What is known to be wrong and not yet mended. These lists may only become shorter.

/** Complaints of a screen that do not fail a test. */
export const knownComplaints = [];

/**
 * Barriers of a screen that do not fail a test: `{ screen, rule, target, theme? }`, where `target` is a pattern of the
 * element's path. One that is not met any more does fail a test until it is taken out.
 */
export const knownBarriers = [];
