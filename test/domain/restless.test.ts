import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredConversation } from '#shared/domain/conversation.ts';
import { type Cause, extendHistory } from '#shared/domain/history.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { heldUntil } from '#shared/domain/restless.ts';
import { epoch, recordOf } from '#test/support/records.ts';

const minute = 60_000;
const hour = 60 * minute;

const first = recordOf('c1').conversation;

type Kept = { conversation: StoredConversation; history: string };

/** A conversation with versions written then, oldest first; each changes the title. */
function withVersions(times: readonly number[], changed: readonly string[] = ['title']): Kept {
  let kept: Kept | null = null;
  for (const [i, at] of times.entries()) {
    const conversation = { ...first, version: i + 1, updatedAt: formatInstant(at), title: `title ${i}` };
    kept = { conversation, history: extendHistory(kept, { conversation, cause: 'poll', changed }) };
  }
  if (!kept) throw new Error('no version');
  return kept;
}

const next = ({ conversation }: Kept, more: Partial<StoredConversation> = {}): StoredConversation => ({
  ...conversation,
  version: conversation.version + 1,
  title: 'another',
  ...more,
});
const decide = (kept: Kept, now: number, cause: Cause | undefined = 'poll', more: Partial<StoredConversation> = {}) =>
  heldUntil(kept, next(kept, more), { cause, now });

const spread = (count: number, step: number, from = epoch) => Array.from({ length: count }, (_, i) => from + i * step);

describe('a record with more than twenty versions in a day', () => {
  it('has the next an hour behind the last', () => {
    const kept = withVersions(spread(21, minute));
    const last = epoch + 20 * minute;
    expect(decide(kept, last + minute)).toBe(last + hour);
    expect(decide(kept, last + hour - 1)).toBe(last + hour);
    expect(decide(kept, last + hour)).toBe(null);
  });

  it('is free with twenty, and once its day is over', () => {
    expect(decide(withVersions(spread(20, minute)), epoch + 21 * minute)).toBe(null);
    // 21 versions over the length of a day.
    expect(decide(withVersions(spread(21, 72 * minute)), epoch + 24 * hour + 1)).toBe(null);
    const slow = withVersions([...spread(30, minute, epoch - 30 * hour), epoch]);
    expect(decide(slow, epoch + minute)).toBe(null);
  });

  it('is held with a history that was cut for its length too', () => {
    // Each entry names many files, so that fewer than 21 fit.
    const files = Array.from({ length: 40 }, (_, i) => `media:${'k'.repeat(40)}${i}`);
    const artifacts = Object.fromEntries(
      files.map((kind) => [kind, { state: 'pending' as const, at: formatInstant(0) }]),
    );
    let kept: Kept | null = null;
    for (const [i, at] of spread(60, minute).entries()) {
      const conversation = { ...first, version: i + 1, updatedAt: formatInstant(at), artifacts };
      kept = { conversation, history: extendHistory(kept, { conversation, cause: 'poll', changed: files }) };
    }
    expect(kept?.history.split(';').length).toBeLessThan(21);
    expect(kept && decide(kept, epoch + hour)).toBe(epoch + 59 * minute + hour);
  });

  it.each<[string, Cause | undefined, Partial<StoredConversation>]>([
    ['a person asked for it', 'reprocess', {}],
    ['a copy of ours brings it', undefined, {}],
    ['an artifact becomes ready', 'poll', { artifacts: { transcript: { state: 'ready', at: '' } } }],
    ['an artifact becomes overdue', 'recheck', { artifacts: { transcript: { state: 'overdue', at: '' } } }],
    ['it is gone at the source', 'recheck', { source: 'missing' }],
  ])('does not wait where %s', (_name, cause, more) => {
    const kept = withVersions(spread(40, minute));
    const base = { ...kept, conversation: { ...kept.conversation, source: 'present' as const, artifacts: {} } };
    expect(heldUntil(base, next(base, more), { cause, now: epoch + hour })).toBe(null);
    expect(heldUntil(base, next(base), { cause: 'poll', now: epoch + hour })).not.toBe(null);
  });

  it('comes to 45 versions in any 24 hours at most, and to its newest state within the hour, however it changes', () => {
    const steps = fc.array(fc.integer({ min: 1, max: 40 * minute }), { minLength: 30, maxLength: 250 });
    void fc.assert(
      fc.property(steps, (gaps) => {
        const written: number[] = [];
        let kept = withVersions([epoch]);
        let [now, due] = [epoch, null as number | null];
        const write = (at: number) => {
          written.push(at);
          const conversation = { ...next(kept), updatedAt: formatInstant(at) };
          kept = { conversation, history: extendHistory(kept, { conversation, cause: 'poll', changed: ['title'] }) };
        };
        for (const gap of gaps) {
          now += gap;
          // The due lane brings what was held, unless the provider lists it before.
          if (due !== null && due <= now) {
            write(due);
            due = null;
          }
          const until = decide(kept, now);
          if (until === null) write(now);
          else expect(until - now).toBeLessThanOrEqual(hour);
          due = until;
        }
        for (const from of written) {
          expect(written.filter((at) => at >= from && at < from + 24 * hour).length).toBeLessThanOrEqual(45);
        }
      }),
      { numRuns: 40 },
    );
  });
});
