import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Address, readAddress, writeAddress } from '#explorer/address/address.ts';
import { countNarrowing, filterNames } from '#explorer/address/filters.ts';

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const maybe = fc.option(text);
const address: fc.Arbitrary<Address> = fc.oneof(
  fc.dictionary(fc.constantFrom(...filterNames), text).map((filters): Address => ({ view: 'conversations', filters })),
  text.map((id): Address => ({ view: 'conversation', id })),
  fc
    .tuple(maybe, maybe, maybe)
    .map(([connection, until, hour]): Address => ({ view: 'proof', connection, until, hour })),
  fc.constant<Address>({ view: 'operations' }),
);

describe('the address bar', () => {
  it('gives back every state that it was given', () => {
    void fc.assert(
      fc.property(address, (given) => {
        expect(readAddress(writeAddress(given))).toEqual(given);
      }),
    );
  });

  it('shows the list for anything that it does not know', () => {
    const list = { view: 'conversations', filters: {} };
    for (const hash of ['', '#', '#/', '#/nowhere', '#/conversations/', '#/conversations?limit=3&cursor=x&provider='])
      expect(readAddress(hash), hash).toEqual(list);
    expect(readAddress('#/conversations/%E0%A4%A')).toEqual({ view: 'conversation', id: '%E0%A4%A' });
  });

  it('counts what narrows a list, and not its order', () => {
    expect(countNarrowing({ sort: 'updatedAt', order: 'asc' })).toBe(0);
    expect(countNarrowing({ sort: 'updatedAt', provider: 'vonage', channel: 'voice' })).toBe(2);
  });
});
