import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packConversation, unpackRecord } from '#shared/storage/conversation-item.ts';
import { glanceAtRecord } from '#shared/storage/glance.ts';
import { arbitraryObservation, recordOf } from '#test/support/records.ts';

describe('a glance at a row', () => {
  it('sees what unpacking sees', () => {
    void fc.assert(
      fc.property(fc.string({ minLength: 1 }), arbitraryObservation, (id, seen) => {
        const item = packConversation(recordOf(id, seen), Buffer.alloc(16), null);
        expect(glanceAtRecord(item)).toEqual(unpackRecord(item));
      }),
      { numRuns: 30 },
    );
  });

  it('is not of a row without a record', () => {
    expect(() => glanceAtRecord({ pk: 'x' })).toThrow(TypeError);
  });
});
