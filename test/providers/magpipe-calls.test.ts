import { describe, expect, it } from 'vitest';
import type { Fault } from '#infra/local/fakes/faults/fault.ts';
import {
  disagreeingSegments,
  errorInside,
  expiredLink,
  oddRecording,
  unreadableBody,
  wrappedAnswer,
} from '#infra/local/fakes/faults/magpipe-pages.ts';
import { answerMagpipe } from '#infra/local/fakes/magpipe/answer.ts';
import type { MagpipeSettings } from '#infra/local/fakes/magpipe/settings.ts';
import type { MagpipeCall } from '#infra/local/fakes/magpipe/world.ts';
import {
  CredentialsRejected,
  PermissionMissing,
  ProviderUnavailable,
  RateLimited,
  RecordInvalid,
  ResponseInvalid,
} from '#shared/domain/errors.ts';
import type { ListedFile } from '#shared/domain/media.ts';
import type { Session } from '#shared/providers/connector.ts';
import { magpipe } from '#shared/providers/magpipe/connector.ts';
import type { Tamper } from './fake-session.ts';
import { callAt, day, later, magpipeSession, playing, stream } from './magpipe-worlds.ts';

const { details, again, fetchPage, normalize } = stream;
if (!details || !magpipe.media) throw new Error('no details or media');
const { locate } = magpipe.media;

const call: MagpipeCall = { ...callAt(1, 0), hasSegments: true };
const open = (change: Partial<MagpipeCall> = {}, settings: Partial<MagpipeSettings> = {}, tamper?: Tamper) =>
  magpipeSession({ calls: [{ ...call, ...change }] }, { settings, ...(tamper && { tamper }) });

/** A fault of the fake, on get-call alone. */
const through =
  (fault: Fault): Tamper =>
  (request, respond) =>
    request.url.endsWith('/get-call') ? playing(fault)(request, respond) : respond(request);
const answering = (status: number, headers: Record<string, string> = {}): Tamper =>
  through({ name: 'status', instead: () => ({ status, headers, body: '{"error":{"code":"NO","message":"Ada"}}' }) });

const detailOf = async (session: Session, listed: unknown = { id: call.id }) =>
  (await details.fetch(session, [listed]))[0] ?? null;
const againOf = async (session: Session, externalId = call.id) =>
  (await again.fetch(session, [{ externalId, startedAt: null, endedAt: null, open: ['transcript'] }]))[0] ?? null;

async function seen(session: Session) {
  const { records } = await fetchPage(session, day, null);
  return normalize({ listed: records[0], detail: await detailOf(session, records[0]), sentAt: 0 });
}

describe('the call of a row', () => {
  it('is asked for by POST, one at a time', async () => {
    const session = open();
    expect([details.most, again.most]).toEqual([1, 1]);
    const normalized = await seen(session);
    expect(session.asked.map(({ url }) => url.pathname)).toEqual([
      '/functions/v1/list-calls',
      '/functions/v1/get-call',
    ]);
    expect(session.questions[1]).toEqual({ call_id: call.id });
    expect(normalized).toMatchObject({ scope: 'whole', externalId: call.id, drift: [] });
    expect(normalized.transcript?.utterances).toHaveLength(call.turns.length);
  });

  it.each<[string, Partial<MagpipeSettings>]>([
    ['wrapped answers', { envelope: 'wrapped' }],
    ['documented rows', { rows: 'documented' }],
    ['seconds only', { stampDigits: 0 }],
  ])('is the same with %s', async (_name, settings) => {
    const [told, plain] = await Promise.all([
      seen(open({ agentName: null }, settings)),
      seen(open({ agentName: null })),
    ]);
    const { startedAt, endedAt, providerCreatedAt, ...rest } = plain.content;
    expect(told).toMatchObject({ ...plain, content: rest });
    const second = (stamp: string | null) => stamp?.slice(0, 19);
    for (const field of ['startedAt', 'endedAt', 'providerCreatedAt'] as const)
      expect(second(told.content[field])).toBe(second(plain.content[field]));
    expect([startedAt, endedAt, providerCreatedAt]).not.toContain(null);
  });

  it('is taken out of a wrapping, and its segments are believed before its text', async () => {
    const plain = await seen(open());
    expect(await seen(open({}, {}, through(wrappedAnswer())))).toEqual(plain);
    expect(await seen(open({}, {}, through(disagreeingSegments())))).toEqual(plain);
  });

  it.each([
    [404, { refused: 'notFound' }],
    [410, { refused: 'notFound' }],
    [403, { refused: 'permissionMissing' }],
  ])('may be refused with %d', async (status, detail) => {
    expect(await detailOf(open({}, {}, answering(status)))).toEqual(detail);
    expect(await againOf(open({}, {}, answering(status)))).toBeNull();
  });

  it.each<[string, Tamper, new (...args: never[]) => Error]>([
    ['429', answering(429, { 'retry-after': '7' }), RateLimited],
    ['401', answering(401), CredentialsRejected],
    ['an unreadable body', through(unreadableBody()), ProviderUnavailable],
    ['an error inside', through(errorInside({ code: 'server_error', message: 'Ada' })), ResponseInvalid],
    ['a text inside', through(errorInside('Ada')), ResponseInvalid],
    [
      'a list',
      through({ name: 'list', instead: () => ({ status: 200, headers: {}, body: '[{"id":"c"}]' }) }),
      ResponseInvalid,
    ],
  ])('hands %s up, without the words of the provider', async (_name, tamper, kind) => {
    for (const ask of [detailOf, againOf]) {
      const error = await ask(open({}, {}, tamper)).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(kind);
      expect(String(error)).not.toContain('Ada');
    }
  });

  it.each([{ code: 'NOT_FOUND', message: 'x' }, 'not_found'])('is not there where a 200 says %j', async (error) => {
    expect(await detailOf(open({}, {}, through(errorInside(error))))).toEqual({ refused: 'notFound' });
  });

  it('is no error for a word of its own that looks like one', async () => {
    const odd = through({
      name: 'odd',
      instead: () => ({ status: 200, headers: {}, body: JSON.stringify({ id: call.id, error: 'hung up', data: {} }) }),
    });
    expect(await detailOf(open({}, {}, odd))).toMatchObject({ call: { id: call.id } });
  });

  it('is not asked for where the row has no id', async () => {
    const session = open();
    for (const listed of [null, {}, { id: '..' }])
      await expect(detailOf(session, listed)).rejects.toThrow(RecordInvalid);
    expect(session.asked).toEqual([]);
  });
});

describe('asking again', () => {
  it('brings what row and call say', async () => {
    const session = open();
    const answer = await againOf(session);
    expect(answer && normalize(answer)).toEqual(await seen(session));
  });

  it('is null for a call that is gone', async () => {
    expect(await againOf(open({ deletedAtUs: 0 }))).toBeNull();
  });
});

describe('a recording', () => {
  const file: ListedFile = { key: 'recording', kind: 'recording', contentType: null, bytes: null, revision: null };
  const located = (session: Session) => locate(session, { externalId: call.id, file });

  it('is where a fresh link says, of another signature each time', async () => {
    let now = later();
    const session = magpipeSession({ calls: [call] }, { now: () => now });
    const first = await located(session);
    now += 1_000;
    const second = await located(session);
    expect([first.from, second.from]).toEqual(['link', 'link']);
    expect(first).not.toEqual(second);
    if (second.from !== 'link') throw new Error('no link');
    const get = { method: 'GET', url: second.href, headers: {}, body: '' };
    expect(answerMagpipe({ calls: [call] }, get, now).status).toBe(200);
  });

  it.each([null, '', '  ', 7, 'processing', {}])('is not there yet where the link is %j', async (href) => {
    expect(await located(open({}, {}, through(oddRecording(href))))).toEqual({ from: 'notYet' });
  });

  it.each(['http://169.254.169.254/latest/meta-data', 'https://elsewhere.example/x.wav'])(
    'hands %s on, for the door to judge',
    async (href) => {
      expect(await located(open({}, {}, through(oddRecording(href))))).toEqual({ from: 'link', href });
    },
  );

  it('has links that may be past their hour', async () => {
    const source = await located(open({}, {}, through(expiredLink())));
    if (source.from !== 'link') throw new Error('no link');
    expect(
      answerMagpipe({ calls: [call] }, { method: 'GET', url: source.href, headers: {}, body: '' }, later()).status,
    ).toBe(403);
  });

  it('is gone with its call; a refusal is handed up', async () => {
    expect(await located(open({ deletedAtUs: 0 }))).toEqual({ from: 'nowhere', state: 'expired', reason: 'gone' });
    await expect(located(open({}, {}, answering(403)))).rejects.toThrow(PermissionMissing);
    await expect(located(open({}, {}, answering(500)))).rejects.toThrow(ProviderUnavailable);
  });

  it('leaves no trace of its link in what is kept or thrown', async () => {
    const session = open();
    const source = await located(session);
    const secret = source.from === 'link' ? (new URL(source.href).searchParams.get('signature') ?? '') : '';
    expect(secret).not.toBe('');
    const answer = await againOf(session);
    expect(JSON.stringify(answer)).toContain(secret);
    expect(JSON.stringify(answer && normalize(answer))).not.toContain(secret);
    const { listed, detail } = answer ?? { listed: null, detail: null };
    for (const broken of [
      { listed, detail: { call: { ...(detail?.['call'] as object), id: 7 } } },
      { listed: 7, detail },
    ]) {
      const thrown = (() => {
        try {
          return normalize({ ...broken, sentAt: 0 });
        } catch (error) {
          return error;
        }
      })();
      expect(thrown).toBeInstanceOf(RecordInvalid);
      expect(JSON.stringify([thrown, String(thrown)])).not.toContain(secret);
    }
  });
});
