import { describe, expect, it } from 'vitest';
import type { Answering } from '../api/types';
import { takenFromMe } from './answering';

const holder = (agent_id: number): Answering => ({ agent_id, name: `P${agent_id}`, since: '' });

describe('an answer that changes hands', () => {
  it('is taken from me only when it was mine and is now a colleague’s', () => {
    expect(takenFromMe(holder(1), holder(2), 1)?.agent_id).toBe(2);
  });
  it('is not taken when I let it go, kept it, or never had it', () => {
    expect(takenFromMe(holder(1), null, 1)).toBeNull();
    expect(takenFromMe(holder(1), holder(1), 1)).toBeNull();
    expect(takenFromMe(null, holder(2), 1)).toBeNull();
    expect(takenFromMe(holder(3), holder(2), 1)).toBeNull();
    expect(takenFromMe(holder(3), holder(1), 1)).toBeNull();
  });
});
