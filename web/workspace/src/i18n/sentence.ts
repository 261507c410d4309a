/** What a sentence is: one form, or a form for each plural of its language, chosen by the parameter `n`. */
export type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };
export type Sentence = string | Plural;

/** A catalogue with exactly the keys of another. */
export type Like<Measure> = Readonly<Record<keyof Measure, Sentence>>;
