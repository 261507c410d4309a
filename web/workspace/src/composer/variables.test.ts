import { describe, expect, it } from 'vitest';
import { asPieces, asWritten, filledWith, unresolved } from './variables';

const piece = '<span data-variable="contact.name">{{contact.name}}</span>';

describe('variables', () => {
  it('that are left in the text are found, marked or typed by hand', () => {
    expect(unresolved(`<p>${piece}, {{ ticket.number }}</p>`)).toEqual(['contact.name', 'ticket.number']);
    expect(unresolved('<p>{{mustache}} and {{}} are no variables</p>')).toEqual([]);
  });
  it('become pieces for the editor and words for the server, however often', () => {
    expect(asPieces('<p>{{contact.name}}</p>')).toBe(`<p>${piece}</p>`);
    expect(asPieces(asPieces('<p>{{contact.name}}</p>'))).toBe(`<p>${piece}</p>`);
    const foreign = '<span data-variable="contact.phone">{{contact.phone}}</span>';
    expect(asPieces(foreign)).toBe(foreign);
    expect(unresolved(foreign)).toEqual(['contact.phone']);
    expect(asWritten(`<p>${piece}</p>`)).toBe('<p>{{contact.name}}</p>');
    expect(asPieces('{{nobody.knows}}')).toBe('{{nobody.knows}}');
  });
  it('are filled with values that cannot become markup', () => {
    expect(filledWith(`<p>${piece} {{today}}</p>`, (name) => `<b>${name}</b>&`)).toBe(
      '<p>&lt;b>contact.name&lt;/b>&amp; &lt;b>today&lt;/b>&amp;</p>',
    );
  });
});
