import { describe, expect, it } from 'vitest';
import { madeBytes } from '#infra/local/fakes/byte-source.ts';
import { bytesOf, type FakeAnswer } from '#infra/local/fakes/exchange.ts';
import { seededRandom } from '#infra/local/fakes/random.ts';
import { answerVonage } from '#infra/local/fakes/vonage/answer.ts';
import { contentTypes } from '#infra/local/fakes/vonage/content-types.ts';
import { oneOfEach } from '#infra/local/fakes/vonage/invent-content.ts';
import { type VonageSettings, vonageDefaults } from '#infra/local/fakes/vonage/settings.ts';
import type { VonageContent, VonageRecord } from '#infra/local/fakes/vonage/world.ts';
import { type Asked, getRequest } from './asking.ts';
import { askVonage, call, recording, vonageRequest, worldOf } from './vonage-asking.ts';

const us = (ms: number): number => ms * 1_000;
const late = call.analysed + 3_600_000;
const base = `/interaction-content/interactions/${call.record.id}`;

type Options = { at?: number; settings?: Partial<VonageSettings>; headers?: Record<string, string> };
const withFile = (change: Partial<VonageContent>): VonageRecord => ({
  ...call.record,
  content: [{ ...recording, ...change }],
});
const ask = (record: VonageRecord, path = base, { at = late, settings = {} }: Options = {}): Asked =>
  askVonage(worldOf(record), path, { at, settings });
/** Bytes under a key, which is encoded once. */
function fetched(
  record: VonageRecord,
  key: string,
  { at = late, settings = {}, headers = {} }: Options = {},
): FakeAnswer {
  const request = vonageRequest(`${base}/content/${encodeURIComponent(key)}`, {}, headers);
  return answerVonage(worldOf(record), request, at, { ...vonageDefaults, ...settings });
}
const wholeOf = (answer: FakeAnswer): Buffer => Buffer.from(bytesOf(answer).slice(0, 10_000_000));

describe('an interaction', () => {
  it('is read by its GUID, in any case, as it is listed', () => {
    expect(ask(call.record).body).toMatchObject({ guid: call.record.id, content: [{}, {}] });
    expect(
      ask(
        call.record,
        base.toUpperCase().replace('/INTERACTION-CONTENT/INTERACTIONS', '/interaction-content/interactions'),
      ).status,
    ).toBe(200);
  });

  it('is a 404 with a message while it shows no file, when it is deleted, and elsewhere', () => {
    for (const missing of [
      ask(call.record, base, { at: call.recorded - 1 }),
      ask({ ...call.record, deletedAtUs: us(late) }),
      ask(call.record, base.replace('0164', 'ffff')),
      ask(call.record, `${base.slice(0, -36)}not-a-guid`),
    ]) {
      expect(missing).toMatchObject({ status: 404, body: { message: expect.any(String) } });
    }
  });

  it('writes malformed fields, of itself and of a file, as it is told', () => {
    const record = { ...withFile({ malformed: { contentLength: '"big"' } }), malformed: { guid: 'NaN' } };
    expect(ask({ ...record, malformed: {} }).body.content[0].contentLength).toBe('big');
    const answer = answerVonage(worldOf(record), vonageRequest(base), late);
    expect(answer.body).toContain('"guid":NaN}');
  });
});

describe('content', () => {
  const facts = {
    random: seededRandom('each'),
    dialogue: { turns: [{ side: 'ours', text: 'Hello.', startSeconds: 0, endSeconds: 1 } as const], summary: 'Short.' },
    atUs: us(call.recorded),
    agentId: '2071',
  };
  const each = oneOfEach(facts);
  const record = { ...call.record, content: each };

  it('is of twelve types, each with bytes of its own, as long and of the type that the list says', () => {
    const { content } = ask(record).body;
    expect(content.map(({ type }: { type: string }) => type)).toEqual(Object.keys(contentTypes));
    expect(Object.keys(contentTypes)).toHaveLength(12);
    const bodies = content.map((file: { contentKey: string; contentType: string; contentLength: number }) => {
      const answer = fetched(record, file.contentKey);
      expect([answer.status, answer.headers['content-type']]).toEqual([200, file.contentType]);
      expect(wholeOf(answer)).toHaveLength(file.contentLength);
      if (file.contentType === 'application/json') expect(JSON.parse(String(wholeOf(answer)))).toBeTypeOf('object');
      return wholeOf(answer).toString('base64');
    });
    expect(new Set(bodies).size).toBe(12);
    expect(wholeOf(fetched(record, 'callRecording')).subarray(0, 4).toString()).toBe('RIFF');
  });

  it('has other bytes in another interaction', () => {
    const other = { ...call.record, id: call.record.id.replace('0164', '0165') };
    const path = `${base.replace('0164', '0165')}/content/callRecording`;
    const answer = answerVonage(worldOf(call.record, other), vonageRequest(path), late);
    expect(wholeOf(answer).equals(wholeOf(fetched(call.record, 'callRecording')))).toBe(false);
  });

  it('names who owns a voicemail or an IVR recording, and has keys that are words or GUIDs', () => {
    const { content } = ask(record).body;
    const ofType = (type: string) => content.find((file: { type: string }) => file.type === type);
    expect(ofType('voicemail')).toMatchObject({
      owningAgent: { id: '2071' },
      contentKey: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(ofType('ivrAudioRecording')).toMatchObject({ owningInteractionPlan: { id: expect.any(String) } });
    expect(ofType('sentimentSummary').contentKey).toBe('sentimentSummary');
  });

  it('comes in part and by version', () => {
    const whole = fetched(call.record, 'callRecording');
    for (const ifRange of [whole.headers['etag'] ?? '', whole.headers['last-modified'] ?? '']) {
      const part = fetched(call.record, 'callRecording', { headers: { range: 'bytes=100-199', 'if-range': ifRange } });
      expect([part.status, part.headers['content-range']]).toEqual([206, 'bytes 100-199/16044']);
      expect(wholeOf(part).equals(wholeOf(whole).subarray(100, 200))).toBe(true);
    }
    const beyond = fetched(call.record, 'callRecording', { headers: { range: 'bytes=16044-' } });
    expect([beyond.status, beyond.headers['content-range']]).toEqual([416, 'bytes */16044']);
  });

  it.each([
    ['etag', true, false],
    ['lastModified', false, true],
    ['both', true, true],
    ['none', false, false],
  ] as const)('tells its version by %s', (validator, etag, lastModified) => {
    const { headers } = fetched(call.record, 'callRecording', { settings: { validator } });
    expect(['etag' in headers, 'last-modified' in headers]).toEqual([etag, lastModified]);
  });

  it('is replaced under the same key, which its stamps and its ETag tell', () => {
    const replaced = withFile({ replacedUs: [us(call.analysed)] });
    const [before, after] = [call.analysed - 1, call.analysed].map((at) => ({
      file: ask(replaced, base, { at }).body.content[0],
      answer: fetched(replaced, 'callRecording', { at }),
    }));
    expect([before?.file.lastModified, after?.file.lastModified]).toEqual([
      '2026-03-02T09:15:07Z',
      '2026-03-02T09:24:07Z',
    ]);
    expect(before?.answer.headers['etag']).not.toBe(after?.answer.headers['etag']);
    expect(before?.answer.body).not.toEqual(after?.answer.body);
    const headers = { range: 'bytes=10-', 'if-range': before?.answer.headers['etag'] ?? '' };
    expect(fetched(replaced, 'callRecording', { at: call.analysed - 1, headers }).status).toBe(206);
    expect(fetched(replaced, 'callRecording', { at: call.analysed, headers }).status).toBe(200);
  });

  it('that is a document is replaced too', () => {
    const document = { ...recording, contentKey: 'log', type: 'interactionLog', contentType: 'application/json' };
    const record = { ...call.record, content: [{ ...document, replacedUs: [us(call.analysed)] }] };
    const versions = [call.analysed - 1, call.analysed].map(
      (at) => JSON.parse(String(wholeOf(fetched(record, 'log', { at })))).version,
    );
    expect(versions).toEqual([0, 1]);
  });

  it('may be empty or of five gigabytes', () => {
    expect(ask(withFile({ bytes: 0 })).body.content[0].contentLength).toBe(0);
    expect(wholeOf(fetched(withFile({ bytes: 0 }), 'callRecording'))).toHaveLength(0);
    const huge = withFile({ bytes: 5 * 2 ** 30 });
    expect(fetched(huge, 'callRecording').stream?.length).toBe(5 * 2 ** 30);
    const end = fetched(huge, 'callRecording', { headers: { range: 'bytes=-4' } });
    const name = `${call.record.id}/callRecording/0`;
    expect(wholeOf(end)).toEqual(Buffer.from(madeBytes(name, 5 * 2 ** 30).slice(5 * 2 ** 30 - 4, 5 * 2 ** 30)));
  });

  it.each(['voicemail-123', 'a%2Fb', '100%', 'a/b', 'a?b#c', 'ключ', ' '])(
    'stands under the key %j, encoded once',
    (contentKey) => {
      const record = withFile({ contentKey, type: 'any', contentType: 'any' });
      expect(ask(record).body.content[0]).toMatchObject({ contentKey, type: 'any', contentType: 'any' });
      expect(fetched(record, contentKey).status).toBe(200);
      expect(fetched(record, `${contentKey}!`).status).toBe(404);
    },
  );

  it('is a 404 before it is there and when it is gone, listed for all that, and a 403 where it may not be seen', () => {
    expect(fetched(call.record, 'transcript', { at: call.analysed - 1 }).status).toBe(404);
    expect(fetched(call.record, 'transcript', { at: call.analysed }).status).toBe(200);
    expect(fetched(call.record, 'callrecording').status).toBe(404);
    const gone = withFile({ deletedAtUs: us(late) });
    expect([ask(gone).status, fetched(gone, 'callRecording').status]).toEqual([200, 404]);
    expect(fetched(gone, 'callRecording', { at: late - 1 }).status).toBe(200);
    expect(ask(gone, base, { settings: { deletedContent: 'unlisted' } }).status).toBe(404);
    expect(fetched(withFile({ forbidden: true }), 'callRecording').status).toBe(403);
  });

  it('may lie in storage, behind a link that takes no token', () => {
    const settings = { media: 'redirect', filesOrigin: 'https://storage.example' } as const;
    const record = withFile({ contentKey: 'a%2Fb' });
    const moved = fetched(record, 'a%2Fb', { settings });
    expect([moved.status, moved.headers['location']]).toEqual([
      302,
      expect.stringMatching(/^https:\/\/storage\.example\/files\//),
    ]);
    const follow = (url: string, headers = {}, at = late) =>
      answerVonage(worldOf(record), { ...getRequest(''), url, headers }, at);
    const href = moved.headers['location'] ?? '';
    expect(wholeOf(follow(href))).toEqual(wholeOf(fetched(record, 'a%2Fb')));
    expect(follow(href, { range: 'bytes=0-1' }).status).toBe(206);
    expect(follow(href, { authorization: 'Bearer x' }).status).toBe(400);
    expect([follow(href, {}, late + 3_600_000).status, follow(`${href}0`).status]).toEqual([403, 403]);
  });
});
