/** English: notifications and how a person wants to be told. */
export const telling = {} as const;
