/** The editor's types for those who must not load it: its file arrives when the screen is up. */
export type { Editor } from './editor';
export type { TableCommand } from './editing/table';
/** What can be done with an editor, once its file is here. */
export type Craft = typeof import('./editor');

let here: Craft | undefined;

/** If its file is here. */
export const craftHere = (): Craft | undefined => here;
export const fetchCraft = async (): Promise<Craft> => (here ??= await import('./editor'));
