import { describe, expect, it } from 'vitest';
import { doneShare, mappingProblem, startMapping } from './mapping';

describe('columns of a file', () => {
  it('need something that tells who it is', () => {
    expect(mappingProblem(['A', 'B'], { A: null, B: 'notes' })).toEqual({ code: 'nobody' });
    expect(mappingProblem(['A'], { A: 'phone' })).toBeNull();
  });

  it('may be two mails of one person, but not two names', () => {
    expect(mappingProblem(['A', 'B'], { A: 'mail', B: 'mail' })).toBeNull();
    expect(mappingProblem(['A', 'B', 'C'], { A: 'name', B: 'mail', C: 'name' })).toEqual({
      code: 'twice',
      target: 'name',
      columns: ['A', 'C'],
    });
  });

  it('may be several addresses of any kind, and keep what was guessed for them', () => {
    expect(mappingProblem(['A', 'B', 'C'], { A: 'name', B: 'telegram', C: 'telegram' })).toBeNull();
    expect(startMapping(['A'], { A: 'whatsapp' }, [])).toEqual({ A: 'whatsapp' });
  });

  it('guessed as a field that is not there any more are left out', () => {
    const fields = [{ key: 'plan', label: 'Plan', kind: 'text' as const, choices: [] }];
    expect(startMapping(['A', 'B', 'C'], { A: 'field:plan', B: 'field:gone' }, fields)).toEqual({
      A: 'field:plan',
      B: null,
      C: null,
    });
  });

  it('have a share that is done, also of an empty file', () => {
    expect(doneShare({ total: 0, created: 0, updated: 0, skipped: 0, bad: 0 })).toBe(0);
    expect(doneShare({ total: 10, created: 2, updated: 1, skipped: 1, bad: 1 })).toBe(0.5);
  });
});
