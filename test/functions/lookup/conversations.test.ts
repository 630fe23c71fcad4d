import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { conversationSchema } from '#shared/domain/conversation.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { epoch } from '#test/support/records.ts';
import { get } from './lookup-table.ts';
import { call1, foreign, odd, path, said, setUpThreeConversations } from './three-conversations.ts';

setUpThreeConversations();

describe('one conversation', () => {
  test('is the contract shape and nothing more', async () => {
    const answer = await get(path(call1.id));
    expect(answer.status).toBe(200);
    const body = answer.json();
    expect(conversationSchema.strict().parse(body)).toEqual(body);
    expect(Object.keys(body)).toEqual([
      ...['id', 'uuid', 'provider', 'connection', 'externalId', 'version', 'source', 'channel', 'direction', 'status'],
      ...[
        'title',
        'language',
        'startedAt',
        'endedAt',
        'durationMs',
        'providerCreatedAt',
        'providerUpdatedAt',
        'participants',
      ],
      ...[
        'sentiment',
        'categories',
        'talkTime',
        'metadata',
        'observedAt',
        'updatedAt',
        'artifacts',
        'summary',
        'media',
      ],
    ]);
    expect(body.media[0]?.href).toBe('/v1/conversations/support:call%252F1/media/recording-1');
    expect(body.summary).toBe('They talked.');
  });

  test('tells of a pending artifact how often it was asked for again and when next', async () => {
    // `recheck` of the connection is 5m and 1h; the clock stands 10 minutes behind the first sight.
    const { artifacts } = (await get(path(call1.id))).json();
    expect(artifacts['media:recording-1']).toEqual({
      ...{ state: 'pending', at: formatInstant(epoch), reason: 'notAsked' },
      ...{ attempts: 1, nextCheckAt: formatInstant(epoch + 3_600_000) },
    });
    expect(artifacts['transcript']).toEqual({ state: 'ready', at: formatInstant(epoch) });
  });

  test('is found by id and uuid, encoded once or with a bare colon', async () => {
    for (const one of [call1, odd, foreign]) {
      for (const name of [
        encodeURIComponent(one.id),
        encodeURIComponent(one.id).replace('%3A', ':'),
        one.uuid,
        one.uuid.toUpperCase(),
      ]) {
        const answer = await get(`/v1/conversations/${name}`);
        expect(answer.json(), name).toMatchObject({ id: one.id, externalId: one.externalId });
      }
    }
  });

  test('has a strong ETag over its bytes', async () => {
    const first = await get(path(call1.id));
    const etag = first.headers['etag'] ?? '';
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    for (const tag of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const again = await get(path(call1.id), 'crm', { 'if-none-match': tag });
      expect([again.status, again.text, again.headers['etag']]).toEqual([304, '', etag]);
    }
    expect((await get(path(call1.id), 'reader', { 'if-none-match': etag })).status).toBe(200);
  });

  test('includes its transcript as the transcript route gives it, or null', async () => {
    const whole = (await get(`${path(call1.id)}?include=transcript`)).json();
    expect(whole.transcript).toEqual((await get(`${path(call1.id)}/transcript`)).json());
    expect((await get(`${path(odd.id)}?include=transcript`)).json().transcript).toBeNull();
    expect('transcript' in (await get(path(call1.id))).json()).toBe(false);
  });
});

describe('ids', () => {
  test('are answered in the order asked, what is not there by itself', async () => {
    const asked = [foreign.uuid, 'support:nothing', call1.id, odd.id, foreign.id, 'x'];
    const body = (await get(`/v1/conversations?ids=${encodeURIComponent(asked.join(','))}`)).json();
    expect(body.conversations.map((one) => one.id)).toEqual([foreign.id, call1.id, odd.id, foreign.id]);
    expect(body.notFound).toEqual(['support:nothing', 'x']);
  });

  test('with transcripts', async () => {
    const body = (await get(`/v1/conversations?ids=${odd.uuid},${call1.uuid}&include=transcript`)).json();
    expect(body.conversations.map((one) => one.transcript)).toEqual([null, said]);
  });

  test('are at most 50, not empty, and alone', async () => {
    const many = Array.from({ length: 51 }, (_, i) => `support:${i}`);
    expect((await get(`/v1/conversations?ids=${many.slice(1)}`)).json().notFound).toEqual(many.slice(1));
    for (const query of [`ids=${many}`, 'ids=', 'ids=a,,b', 'ids=a,', 'ids=,']) {
      const answer = await get(`/v1/conversations?${query}`);
      expect([answer.status, answer.json().fields.map((field) => field.name)], query).toEqual([400, ['ids']]);
    }
    expect((await get('/v1/conversations?ids=a&channel=voice')).json().fields[0]?.name).toBe('channel');
    expect((await get('/v1/conversations?include=transcript')).json().fields[0]?.name).toBe('include');
  });

  test('of any text answer, and reach no other key of the table', async () => {
    const unit = fc.constantFrom(
      '#',
      '/',
      '\0',
      '%',
      ':',
      '..',
      'streams',
      'budget#support',
      '日',
      '\u{1F600}',
      'é',
      'e\u0301',
      'support',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(unit, { minLength: 1, maxLength: 6 }), async (parts) => {
        const answer = await get(path(parts.join('')));
        expect(answer.status).toBe(404);
      }),
      { numRuns: 60, seed: 7 },
    );
    expect((await get('/v1/conversations/%zz')).status).toBe(400);
    expect((await get(`/v1/conversations/${'a'.repeat(20_000)}`)).status).toBe(404);
  });
});
