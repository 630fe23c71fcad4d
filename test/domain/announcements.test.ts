import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { announcementsIn } from '#shared/domain/announcements.ts';
import { fieldPath } from '#shared/domain/drift.ts';

const path = '/conversations/5c1f6d0e-51b2-4c3e-9a54-0d1c7a6e2b10/extensive';
const sunset = 'Sat, 31 Dec 2026 23:59:59 GMT';

describe('announcements', () => {
  it.each([
    [{ deprecation: '@1688169599' }, ['deprecation=conversations.<id>.extensive']],
    [{ deprecation: 'true' }, ['deprecation=conversations.<id>.extensive']],
    [{ deprecation: sunset }, ['deprecation=conversations.<id>.extensive']],
    [{ sunset }, ['deprecation=conversations.<id>.extensive']],
    [{ sunset, deprecation: 'true', warning: '299 - "x"' }, ['deprecation=', 'warning=']],
    [{ warning: '110 - "stale", 299 api "going away"' }, ['warning=conversations.<id>.extensive']],
    [{ warning: '199 - "299 of them"' }, []],
    [{ deprecation: 'false' }, []],
    [{ deprecation: '' }, []],
    [{ deprecation: '1' }, []],
    [{ sunset: 'soon' }, []],
    [{ sunset: 'Mon, 99 Foo 2026 99:99:99 GMT' }, []],
    [{}, []],
  ])('%j', (headers, expected) => {
    const told = announcementsIn(headers, path);
    expect(told).toHaveLength(expected.length);
    for (const [i, one] of expected.entries()) expect(told[i]?.startsWith(one)).toBe(true);
  });

  it('name an address by its words alone, whatever stands in it and in the headers', () => {
    const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('true', '@1', sunset, '299 - "x"'));
    void fc.assert(
      fc.property(text, text, text, fc.array(fc.string(), { maxLength: 5 }), (deprecation, gone, warning, segments) => {
        for (const told of announcementsIn({ deprecation, sunset: gone, warning }, `/${segments.join('/')}`)) {
          expect(told).toMatch(/^(deprecation|warning)=(((v\d|[a-z-]+|<id>)\.)*(v\d|[a-z-]+|<id>))?$/);
          expect(fieldPath(told)).toBe(told.slice(0, 200));
        }
      }),
    );
  });

  it.each([
    ['/v1/conversations', 'v1.conversations'],
    ['/interaction-content/interactions/legacy-voicemail-7', 'interaction-content.interactions.<id>'],
    ['/list-calls', 'list-calls'],
    ['/recordings/9b1f0c2d3e4f/media', 'recordings.<id>.media'],
    ['/things/ada%40example.com', 'things.<id>'],
    ['/things/Ada', 'things.<id>'],
  ])('%s is %s', (address, template) => {
    expect(announcementsIn({ deprecation: 'true' }, address)).toEqual([`deprecation=${template}`]);
  });
});
