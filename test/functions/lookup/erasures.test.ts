import { PutObjectCommand } from '@aws-sdk/client-s3';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectionsFileSchema } from '#shared/domain/connections.ts';
import type { Operation } from '#shared/domain/operation.ts';
import { getItem } from '#shared/storage/conversations.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { holdConversation } from '#shared/storage/holds.ts';
import { claimOperation } from '#shared/storage/operation-lease.ts';
import { participantRows, putParticipantRow } from '#shared/storage/participant-rows.ts';
import { lookupOver, type TestLookup } from './lookup-harness.ts';
import { clock, put, setUpLookupTable, store } from './lookup-table.ts';

setUpLookupTable();

const client = (clientId: string, connections?: string[]) => ({
  ...{ clientId, clientSecret: clientId, scopes: ['operations:write'], perMinute: 100_000 },
  ...(connections && { connections }),
});
const file = connectionsFileSchema.parse({
  connections: [
    { id: 'support', provider: 'talkdesk', credentials: { secret: 'x' } },
    { id: 'sales', provider: 'salesloft', credentials: { secret: 'x' } },
  ],
  clients: [client('operator'), client('limited', ['support'])],
});

const phone = '+44 1632 960111';
let lookup: TestLookup;
/** What was put into the bucket, by name. */
const objects = new Map<string, string>();
const bucket = {
  send: async (command: { input: { Key: string; Body?: string } }) => {
    if (command instanceof PutObjectCommand) objects.set(command.input.Key, String(command.input.Body));
    else objects.delete(command.input.Key);
    return {};
  },
} as unknown as Store['objects'];

beforeAll(async () => {
  lookup = lookupOver({ ...store, objects: bucket }, clock, file);
  const participants = [{ id: null, role: 'customer' as const, name: 'Ada', phone: '+441632960111', email: null }];
  for (const [connection, id] of [
    ['support', 'a1'],
    ['support', 'a2'],
    ['sales', 'a3'],
  ] as const) {
    const { uuid } = await put(connection, id, { participants });
    for (const row of participantRows({ before: null, after: await getItem(store, uuid) }, clock.now)) {
      await putParticipantRow(store, row);
    }
  }
});
beforeEach(() => objects.clear());

type Shown = Operation & { code: string; message: string; fields: { name: string }[] };
async function send(target: string, body: unknown, as = 'operator'): Promise<[status: number, Shown, text: string]> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${await lookup.token(as)}` };
  const answer = await lookup.call(target, { method: 'POST', headers, body: JSON.stringify(body) });
  return [answer.status, JSON.parse(answer.text), answer.text];
}
const ask = (body: unknown, as?: string) => send('/v1/erasures', body, as);

describe('asking for an erasure', () => {
  it('counts first, and keeps nothing of whom it is about', async () => {
    const [status, { state, result, request }, text] = await ask({ participant: phone, dryRun: true });
    expect([status, state, result]).toEqual([202, 'done', { count: 3, held: [] }]);
    expect(request).toEqual({ participant: '(redacted)', dryRun: true });
    expect(text).not.toContain('1632');
    expect(objects).toEqual(new Map());
  });

  it('wants the count of what is found now, and tells it without telling whom', async () => {
    for (const more of [{}, { expectedCount: 2 }, { expectedCount: 4 }]) {
      const [status, { code, message }, text] = await ask({ participant: phone, ...more });
      expect([status, code]).toEqual([409, 'otherCount']);
      expect(message).toContain(' 3 ');
      expect(text).not.toMatch(/1632|a1/);
    }
    expect(objects).toEqual(new Map());
  });

  it('writes down what was found, and the person in the bucket alone', async () => {
    const [status, { id, request }, text] = await ask({ participant: phone, expectedCount: 3 });
    expect([status, request]).toEqual([202, { participant: '(redacted)', dryRun: false, expectedCount: 3 }]);
    expect(text).not.toContain('1632');
    const plan = JSON.parse(objects.get(`erasures/${id}.json`) ?? '');
    expect([plan.participant, plan.conversations.length]).toEqual(['+441632960111', 3]);
  });

  it('reaches the connections of a limited client only, and shows it its own', async () => {
    const [, { result }] = await ask({ participant: phone, dryRun: true }, 'limited');
    expect(result).toMatchObject({ count: 2 });
    const [, named] = await ask({ conversations: ['support:a1', 'sales:a3'], dryRun: true }, 'limited');
    expect(named.result).toMatchObject({ count: 1 });
    const headers = { authorization: `Bearer ${await lookup.token('limited')}` };
    const listed = JSON.parse((await lookup.call('/v1/erasures', { headers })).text).operations;
    expect(listed.map(({ request }: Operation) => request)).toEqual([
      expect.objectContaining({ connections: ['support'] }),
      expect.objectContaining({ connections: ['support'] }),
    ]);
  });

  it('of nobody counts 0, and is done with an empty receipt where that is expected', async () => {
    expect((await ask({ participant: 'nobody@example.com', dryRun: true }))[1].result).toMatchObject({ count: 0 });
    expect((await ask({ participant: 'nobody@example.com', expectedCount: 0 }))[0]).toBe(202);
    expect((await ask({ conversations: ['support:nobody'], expectedCount: 1 }))[0]).toBe(409);
  });

  it.each([
    [{}, 'participant'],
    [{ participant: phone, conversations: ['support:a1'] }, 'participant'],
    [{ participant: '' }, 'participant'],
    [{ participant: '   ' }, 'participant'],
    [{ participant: 7 }, 'participant'],
    [{ participant: 'x'.repeat(321) }, 'participant'],
    [{ conversations: [] }, 'conversations'],
    [{ conversations: Array.from({ length: 501 }, (_, i) => `a:${i}`) }, 'conversations'],
    [{ participant: phone, expectedCount: -1 }, 'expectedCount'],
    [{ participant: phone, expectedCount: 1.5 }, 'expectedCount'],
    [{ participant: phone, dryRun: 'yes' }, 'dryRun'],
    [{ participant: phone, everybody: true }, 'everybody'],
  ])('%j is not understood', async (body, field) => {
    const [status, { fields }] = await ask(body);
    expect([status, fields.map(({ name }) => name)]).toEqual([400, [field]]);
  });

  it('names those under a legal hold, and begins nothing', async () => {
    const { uuid } = await put('support', 'held');
    await holdConversation(store, uuid, '2026-11-02T09:00:00.000Z');
    const [status, { code, fields }] = await ask({ conversations: ['support:a1', 'support:held'], expectedCount: 2 });
    expect([status, code, fields.map(({ name }) => name)]).toEqual([409, 'onHold', ['support:held']]);
    expect(objects).toEqual(new Map());
  });

  it('is cancelled until it has begun, and its person is forgotten then', async () => {
    const [, first] = await ask({ conversations: ['support:a1'], expectedCount: 1 });
    expect((await send(`/v1/erasures/${first.id}/cancel`, {}))[1].state).toBe('cancelled');
    expect(objects).toEqual(new Map());
    const [, second] = await ask({ conversations: ['support:a1'], expectedCount: 1 });
    await claimOperation(store, { kind: 'erasures', id: second.id, holder: 'run' }, clock.now, 20_000);
    expect((await send(`/v1/erasures/${second.id}/cancel`, {})).slice(0, 1)).toEqual([409]);
  });
});
