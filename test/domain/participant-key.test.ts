import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { participantKey, participantKeys } from '#shared/domain/participant-key.ts';

describe('what a participant is found by', () => {
  it.each([
    ['+441632960111', '+441632960111'],
    ['+44 (1632) 960-111', '+441632960111'],
    ['+44 (0)1632/960.111', '+441632960111'],
    [' 441632960111', '+441632960111'],
    [' 44 1632 960111 ', '+441632960111'],
    ['0044 1632 960111', '+441632960111'],
    ['441632960111', '+441632960111'],
    ['+6834000', '+6834000'],
    ['07700 900123', '07700900123'],
    ['2071', '2071'],
    [' 2071', '2071'],
    ['+1234', '+1234'],
    ['1234567890123456', '1234567890123456'],
    ['Ann@Example.COM ', 'ann@example.com'],
    ['ann+calls@example.com', 'ann+calls@example.com'],
    ['Agent-7', 'Agent-7'],
    ['0164705c-c206-dce9-d61a-9899855326a0', '0164705c-c206-dce9-d61a-9899855326a0'],
    ['  ', ''],
  ])('of %j is %j', (text, key) => {
    expect(participantKey(text)).toBe(key);
  });

  it('is its own key', () => {
    void fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[+ ]?[0-9 ()./-]{1,20}$/)), (text) => {
        expect(participantKey(participantKey(text))).toBe(participantKey(text));
      }),
      { numRuns: 100 },
    );
  });

  it('are phone, e-mail and id, each once, and nothing of what is not there', () => {
    const person = { role: 'agent' as const, name: 'Ann', id: null, phone: null, email: null };
    const keys = participantKeys([
      { ...person, id: '7', phone: '+441632960111', email: 'ann@example.com' },
      { ...person, id: '', phone: '0044 1632 960111', email: 'ANN@example.com' },
    ]);
    expect(keys).toEqual(['+441632960111', 'ann@example.com', '7']);
  });
});
