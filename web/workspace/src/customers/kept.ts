/** Typed and not saved, by card; for this sitting only. */
export const keptContacts = new Map<number, { base: unknown; draft: unknown }>();
export const keptOrganizations = new Map<number, { base: unknown; draft: unknown }>();
