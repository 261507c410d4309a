import { describe, expect, it } from 'vitest';
import { differences, listChange, textPieces } from './difference';

describe('an entry of the audit log', () => {
  it('tells only what has changed, down into the parts', () => {
    expect(
      differences(
        { name: 'Support', smtp: { url: 'a', has_password: true }, aliases: ['x'] },
        { name: 'Support', smtp: { url: 'b', has_password: true }, aliases: ['x', 'y'] },
      ),
    ).toEqual([
      { path: 'smtp.url', before: 'a', after: 'b' },
      { path: 'aliases', before: ['x'], after: ['x', 'y'] },
    ]);
  });

  it('of something new or gone tells all there is to tell', () => {
    expect(differences(null, { name: 'New' })).toEqual([{ path: 'name', before: undefined, after: 'New' }]);
    expect(differences({ name: 'Old', team: null, notes: '', tags: [] }, null)).toEqual([
      { path: 'name', before: 'Old', after: undefined },
    ]);
  });

  it('marks in a long text only the words that differ', () => {
    expect(textPieces('Always here, your team', 'Always near, your team')).toEqual({
      before: [
        { text: 'Always ', changed: false },
        { text: 'here,', changed: true },
        { text: ' your team', changed: false },
      ],
      after: [
        { text: 'Always ', changed: false },
        { text: 'near,', changed: true },
        { text: ' your team', changed: false },
      ],
    });
    expect(textPieces('a', 'a b').before).toEqual([{ text: 'a', changed: false }]);
  });

  it('says of a list what came and what went', () => {
    expect(listChange([1, 2], [2, 3])).toEqual({ gone: [1], come: [3] });
  });
});
