import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EarshotEvent } from '#shared/domain/events.ts';
import { idBytes, newOperation, operationId } from '#shared/domain/operation.ts';
import { redriveRequest } from '#shared/domain/operation-redrive.ts';
import { replayed, replayFilter, replayRequest, replaySchema } from '#shared/domain/operation-replay.ts';

describe("an operation's id", () => {
  const instant = fc.integer({ min: 0, max: 2 ** 48 - 1 });

  it('is a version 7 UUID that sorts as its time does', () => {
    void fc.assert(
      fc.property(instant, instant, (a, b) => {
        const [first, second] = [a, b].map((at) => operationId(at, randomBytes(idBytes)));
        expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        if (a !== b) expect(String(first) < String(second)).toBe(a < b);
      }),
      { numRuns: 50 },
    );
  });

  it('tells its time and its random bytes', () => {
    expect(
      operationId(
        0x0123456789ab,
        Uint8Array.from({ length: idBytes }, () => 255),
      ),
    ).toBe('01234567-89ab-7fff-bfff-ffffffffffff');
  });
});

const span = { from: '2026-03-02T10:00:00+01:00', to: '2026-03-02T09:30:00Z' };

describe('a request for a replay', () => {
  it('is read as UTC and whole types, and reads itself again', () => {
    const request = replayRequest.parse({ ...span, types: ['connection.degraded', 'earshot.media.stored.v1'] });
    expect(request).toEqual({
      ...{ from: '2026-03-02T09:00:00.000Z', to: '2026-03-02T09:30:00.000Z' },
      types: ['earshot.connection.degraded.v1', 'earshot.media.stored.v1'],
    });
    expect(replayRequest.parse(request)).toEqual(request);
    const operation = newOperation('replays', 'o', request, 0);
    expect(replaySchema.parse({ ...operation, pk: 'operations#replays', holder: 'h' })).toEqual(operation);
  });

  const degraded = (time: string): EarshotEvent => ({
    ...{ specversion: '1.0', id: 'support/3/earshot.connection.degraded.v1', source: 'earshot', time },
    ...{ type: 'earshot.connection.degraded.v1', subject: 'support', datacontenttype: 'application/json' },
    data: {
      ...{ connection: 'support', provider: 'talkdesk', href: '/v1/connections/support', stream: 'calls' },
      ...{ change: 3, code: 'CredentialsRejected', failures: 1 },
    },
  });

  it('wants its beginning and not its end', () => {
    const wants = replayFilter(replayRequest.parse(span));
    const times = ['08:59:59.999', '09:00:00.000', '09:29:59.999', '09:30:00.000'];
    expect(times.map((time) => wants(degraded(`2026-03-02T${time}Z`)))).toEqual([false, true, true, false]);
  });

  it('finds what is of no conversation by its subject, its id and its connection', () => {
    const event = degraded('2026-03-02T09:00:00.000Z');
    const wants = (more: object) => replayFilter(replayRequest.parse({ ...span, ...more }))(event);
    expect([wants({ ids: ['support'] }), wants({ ids: [event.id] }), wants({ ids: ['sales'] })]).toEqual([
      ...[true, true, false],
    ]);
    expect([wants({ connection: 'support' }), wants({ connection: 'sales' })]).toEqual([true, false]);
    expect(replayed(event, 'o', undefined)).toEqual({ ...event, replay: 'o' });
  });
});

it('a request for a redrive names a kind', () => {
  for (const request of [{}, { kind: 'poll' }, { kind: 'inbox', more: 1 }, { kind: 'inbox', ids: [] }]) {
    expect(redriveRequest.safeParse(request).success).toBe(false);
  }
  expect(redriveRequest.parse({ kind: 'participants', ids: ['a'] })).toEqual({ kind: 'participants', ids: ['a'] });
});
