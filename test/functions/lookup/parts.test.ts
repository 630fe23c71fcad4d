import { describe, expect, it } from 'vitest';
import { corePart, lateParts } from '#functions/lookup/parts.ts';
import { routes } from '#functions/lookup/routes.ts';

const partsOf = (path: string) => lateParts.filter(({ speaks }) => speaks(path));

describe('the parts of the lookup', () => {
  it('hold every address of the documents once', async () => {
    const late = await Promise.all(lateParts.map(({ load }) => load()));
    const loaded = [corePart, ...late].flatMap((part) => part.routes);
    expect(new Set(loaded)).toEqual(new Set(routes));
    expect(loaded).toHaveLength(routes.length);
  });

  it('speak every path of theirs, with a slash at its end too, and none of another part', async () => {
    for (const part of lateParts) {
      for (const { path } of (await part.load()).routes) {
        const shown = path.replaceAll(/\{\w+\}/g, 'vcon%2Fmedia');
        expect([partsOf(shown), partsOf(`${shown}/`)], path).toEqual([[part], [part]]);
      }
    }
    for (const { path } of corePart.routes) {
      for (const id of ['vcon', 'media', 'vcon.gz']) expect(partsOf(path.replaceAll(/\{\w+\}/g, id)), path).toEqual([]);
    }
  });
});
