import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterPage, firstCheckpoint, type Lane, nextWindow } from '#shared/domain/checkpoint.ts';
import { epoch } from '#test/support/records.ts';

const day = 86_400_000;

describe('windows', () => {
  it('cover every instant between the first watermark and the limit, oldest first, none wider than allowed', () => {
    const plan = fc
      .tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 100 }))
      .map(([lookbackMs, more]) => ({ lookbackMs, maxWindowMs: lookbackMs + more }));
    void fc.assert(
      fc.property(plan, fc.integer({ min: 1, max: 2_000 }), (windows, span) => {
        let lane: Lane = { watermark: epoch, resume: null };
        let covered = epoch;
        for (
          let window = nextWindow(lane, epoch + span, windows);
          window;
          window = nextWindow(lane, epoch + span, windows)
        ) {
          expect(window.from).toBeLessThanOrEqual(covered);
          expect(window.to).toBeGreaterThan(covered);
          expect(window.to - window.from).toBeLessThanOrEqual(windows.maxWindowMs);
          covered = window.to;
          lane = afterPage(lane, window, { next: null, servedAt: epoch + span });
        }
        expect(covered).toBe(epoch + span);
      }),
    );
  });

  it('go on in the middle, with the same bounds, after a page that has a next', () => {
    const lane: Lane = { watermark: epoch, resume: null };
    const window = nextWindow(lane, epoch + day, { lookbackMs: 1_000, maxWindowMs: 7 * day });
    if (!window) throw new Error('no window');
    const after = afterPage(lane, window, { next: 'c2', servedAt: epoch + day });
    expect(after.watermark).toBe(epoch);
    expect(nextWindow(after, epoch + 9 * day, { lookbackMs: 1_000, maxWindowMs: 7 * day })).toEqual({
      from: epoch - 1_000,
      to: epoch + day,
      cursor: 'c2',
      pages: 1,
      servedAt: epoch + day,
    });
  });

  it('never move the watermark past the provider clock, however far ours is ahead', () => {
    const lane: Lane = { watermark: epoch, resume: null };
    const window = nextWindow(lane, epoch + day, { lookbackMs: 0, maxWindowMs: 7 * day });
    if (!window) throw new Error('no window');
    const middle = afterPage(lane, window, { next: 'c2', servedAt: epoch + 60_000 });
    const resumed = nextWindow(middle, epoch + day, { lookbackMs: 0, maxWindowMs: 7 * day });
    // The first answer counts: what changed while the window was walked comes with the next one.
    expect(resumed && afterPage(middle, resumed, { next: null, servedAt: epoch + 90_000 }).watermark).toBe(
      epoch + 60_000,
    );
  });

  it('begin with today in the live lane and history in a lane of its own', () => {
    const { live, backfill } = firstCheckpoint(epoch, 30 * day, { lookbackMs: day, maxWindowMs: 7 * day });
    expect(live).toMatchObject({ watermark: epoch - day, resume: { from: epoch - day, to: epoch, cursor: null } });
    expect(backfill).toEqual({ watermark: epoch - 29 * day, resume: null, until: epoch });
  });
});
