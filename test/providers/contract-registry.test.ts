import { describe, expect, it } from 'vitest';
import type { Connector } from '#shared/providers/connector.ts';
import { connectors, findConnector } from '#shared/providers/registry.ts';
import { fixturesOf } from './fixtures.ts';
import { gapsOf } from './kit/gaps.ts';
import { plain, plainFixture } from './kit/planted.ts';
import { walkWindow } from './walk.ts';

/** What every provider of the registry must bring along, so that the contract tests see all of it. */

describe.each(connectors.map((connector) => [connector.provider, connector] as const))('%s', (provider, connector) => {
  const fixtures = fixturesOf(connector);

  it('stands in the registry under its name', () => {
    expect(findConnector(provider)).toBe(connector);
  });

  it('has windows wider than their lookback, else the watermark would stand still', () => {
    for (const { lookbackMs, maxWindowMs } of connector.streams) expect(lookbackMs).toBeLessThan(maxWindowMs);
  });

  it('keeps books of whole hours, and knows of no beginning that is yet to come', () => {
    for (const { ledger } of connector.streams) expect(ledger.maxWindowMs % 60_000).toBe(0);
    for (const { ledger } of connector.streams) expect(ledger.maxWindowMs).toBeGreaterThanOrEqual(3_600_000);
    expect(connector.recordsSince ?? 0).toBeLessThan(Date.now());
  });

  it('has scenarios for all that it does', () => {
    expect(gapsOf(connector, fixtures)).toEqual([]);
  });

  it('has walks of several pages and of several records', async () => {
    for (const { name, scenario, stream, session, window } of fixtures) {
      if (scenario !== 'walk') continue;
      const { pages, records } = await walkWindow(stream, session(), window);
      expect(pages, name).toBeGreaterThan(1);
      expect(records.length, name).toBeGreaterThan(1);
    }
  });
});

describe('a gap is seen', () => {
  const walk = { ...plainFixture(plain), scenario: 'walk' };
  const without = (change: Partial<typeof walk.recorded>) => [{ ...walk, recorded: { ...walk.recorded, ...change } }];
  const promising: Connector = { ...plain, promised: ['transcript', 'summary', 'media:audio'] };

  it.each([
    ['none', plain, [walk], /^$/],
    ['no walk', plain, [plainFixture(plain)], /no scenario "walk"/],
    ['nothing late', plain, without({ changed: undefined, later: undefined }), /transcript comes late/],
    ['one kind of several', promising, [walk], /^things: no scenario in which summary comes late$/],
    ['later answers for nothing', plain, without({ changed: undefined }), /for nothing/],
    ['changes without later answers', plain, without({ later: undefined }), /for nothing/],
    ['no media', plain, without({ media: undefined }), /breaks/],
    ['media over whole connections', plain, without({ media: {} }), /breaks/],
    ['no fixtures', plain, [], /walk.*late.*breaks/],
  ])('%s', (_name, connector, fixtures, gaps) => {
    expect(gapsOf(connector, fixtures).join()).toMatch(gaps);
  });
});
