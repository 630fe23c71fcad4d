import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conversationId, conversationUuid } from '#shared/domain/identity.ts';

describe('the id of a conversation', () => {
  it('encodes whatever is outside the unreserved letters', () => {
    expect(conversationId('support', "a:b/c#d e'(é)~._-")).toBe('support:a%3Ab%2Fc%23d%20e%27%28%C3%A9%29~._-');
  });

  it('is never shared by two external ids, nor is the uuid', () => {
    const id = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('#', '%23', '/', '\0', 'é', 'e\u0301', 'a:b', 'a%3Ab'),
    );
    void fc.assert(
      fc.property(id, id, (a, b) => {
        expect(conversationId('c', a) === conversationId('c', b)).toBe(a === b);
        expect(conversationUuid(conversationId('c', a)) === conversationUuid(conversationId('c', b))).toBe(a === b);
      }),
    );
  });

  it('gives the same uuid for ever', () => {
    expect(conversationUuid('support-emea:0164705c-c206-dce9-d61a-9899855326a0')).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(conversationUuid('support-emea:1')).toBe('12d5c169-16e6-5812-bd60-7e40493dc82f');
  });
});
