import { describe, expect, it } from 'vitest';
import type { SalesloftRecord } from '#infra/local/fakes/salesloft/world.ts';
import { ProviderUnavailable, RateLimited, RecordInvalid } from '#shared/domain/errors.ts';
import type { PendingReference, Session } from '#shared/providers/connector.ts';
import { salesloft } from '#shared/providers/salesloft/connector.ts';
import { salesloftSession, type Tamper } from './fake-session.ts';
import { base, start, startUs, worldOf } from './salesloft-worlds.ts';

const [stream] = salesloft.streams;
if (!stream?.details) throw new Error('no stream with details');
const { fetchPage, details, again, normalize } = stream;
const fetchDetail = async (session: Session, listed: unknown) => (await details.fetch(session, [listed]))[0] ?? null;
const fetchAgain = async (session: Session, reference: PendingReference) =>
  (await again.fetch(session, [reference]))[0] ?? null;

const later = (): number => start + 86_400_000;
const pending = { startedAt: null, endedAt: null, open: ['transcript'] };

async function seen(change: Partial<SalesloftRecord>, tamper?: Tamper) {
  const session = salesloftSession(worldOf([{ updated: 0 }], change), later, tamper);
  const { records } = await fetchPage(session, { from: start, to: later() }, null);
  const answer = { listed: records[0], detail: await fetchDetail(session, records[0]), sentAt: 0 };
  return { session, listed: records[0], normalized: normalize(answer) };
}

const refusing =
  (part: string, status: number): Tamper =>
  (request, respond) =>
    request.url.includes(part) ? { status, headers: { 'retry-after': '7' }, body: '{"error":"no"}' } : respond(request);

const sentences = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    speaker: i % 2,
    startSeconds: i * 0.1,
    endSeconds: i * 0.1 + 0.0994,
    text: `turn ${i}`,
  }));
const transcript = { id: '08c91f48-1111-4222-8333-444455556666', atUs: startUs, sentences: sentences(3) };
const summary = { id: 's1', text: 'Agreed.', atUs: startUs };
const whole = { transcript, summary };

describe('details', () => {
  it('reads all pages of the sentences', async () => {
    const { normalized, session } = await seen({ ...whole, transcript: { ...transcript, sentences: sentences(230) } });
    const turns = normalized.transcript?.utterances ?? [];
    expect(turns.map(({ text }) => text)).toEqual(sentences(230).map(({ text }) => text));
    expect(turns[3]).toMatchObject({ participant: 1, role: 'customer', startMs: 300, endMs: 399 });
    expect(session.asked).toHaveLength(5);
    expect(session.asked.every(({ stated, real }) => stated === real)).toBe(true);
  });

  it('says what the dear pages of a very long transcript cost', async () => {
    const { session, normalized } = await seen({
      ...whole,
      transcript: { ...transcript, sentences: sentences(10_150) },
    });
    expect(normalized.transcript?.utterances).toHaveLength(10_150);
    expect(session.asked.map(({ stated }) => stated)).toEqual(session.asked.map(({ real }) => real));
    expect(session.asked.at(-1)?.stated).toBe(3);
  });

  it.each([
    ['nothing yet', { transcript: null, summary: null }, { transcript: 'pending', summary: 'pending' }],
    [
      'no sentences yet',
      { ...whole, transcript: { ...transcript, sentences: [] } },
      { transcript: 'pending', summary: 'ready' },
    ],
    ['everything', whole, { transcript: 'ready', summary: 'ready' }],
  ])('tells %s from ready', async (_name, change, states) => {
    const { normalized } = await seen(change);
    for (const [kind, state] of Object.entries(states)) expect(normalized.artifacts[kind]).toEqual({ state });
  });

  it.each([
    ['/extensive', 403, { transcript: { state: 'ready' }, summary: { state: 'absent', reason: 'permissionMissing' } }],
    ['/extensive', 404, { transcript: { state: 'ready' }, summary: { state: 'absent', reason: 'notFound' } }],
    ['/sentences', 403, { transcript: { state: 'absent', reason: 'permissionMissing' }, summary: { state: 'ready' } }],
    ['/sentences', 404, { transcript: { state: 'absent', reason: 'notFound' }, summary: { state: 'ready' } }],
  ])('takes %s with %d for absent with its reason', async (part, status, artifacts) => {
    const { normalized } = await seen(whole, refusing(part, status));
    expect(normalized.artifacts).toEqual(artifacts);
    if (part === '/extensive')
      expect(normalized.transcript?.utterances[0]).toMatchObject({ participant: null, role: 'unknown' });
  });

  it.each([
    [429, RateLimited],
    [500, ProviderUnavailable],
  ])('hands %d up: it says nothing of the record', async (status, error) => {
    await expect(seen(whole, refusing('/extensive', status))).rejects.toThrow(error);
    await expect(seen(whole, refusing('/sentences', status))).rejects.toThrow(error);
  });

  it('gives up a record whose sentences never end', async () => {
    const endless: Tamper = (request, respond) => {
      if (!request.url.includes('/sentences')) return respond(request);
      const body = { data: [{ text: 'again' }], metadata: { paging: { current_page: 1, next_page: 2 } } };
      return { status: 200, headers: {}, body: JSON.stringify(body) };
    };
    await expect(seen(whole, endless)).rejects.toThrow(RecordInvalid);
  });

  it('asks for no details of a row that will be quarantined', async () => {
    const session = salesloftSession(worldOf([{ updated: 0 }]), later);
    for (const row of [null, {}, { id: '..', updated_at: '2026-03-02T00:00:00Z' }, { id: 'a', updated_at: 'soon' }]) {
      await expect(fetchDetail(session, row)).rejects.toThrow(RecordInvalid);
    }
    expect(session.asked).toEqual([]);
  });

  it('says that details were not asked for', async () => {
    const { listed } = await seen(whole);
    const { artifacts, content } = normalize({ listed, detail: null, sentAt: 0 });
    const notAsked = { state: 'pending', reason: 'notAsked' };
    expect(artifacts).toEqual({ transcript: notAsked, summary: notAsked });
    expect(content.participants).toHaveLength(1);
  });
});

describe('asking again', () => {
  it('brings what the list and the details say', async () => {
    const { normalized, session } = await seen(whole);
    const again = await fetchAgain(session, { externalId: normalized.externalId, ...pending });
    expect(again && normalize(again)).toEqual(normalized);
  });

  it('is null for what is gone', async () => {
    const session = salesloftSession(worldOf([]), later);
    expect(await fetchAgain(session, { externalId: base().id, ...pending })).toBeNull();
  });

  it.each([
    ['refused', refusing('/extensive', 403)],
    ['without its stamp', stampless()],
  ])('goes by the single record where the extensive answer is %s', async (_name, tamper) => {
    const world = worldOf([{ updated: 0 }], whole);
    const externalId = world.conversations[0]?.id ?? '';
    const again = await fetchAgain(salesloftSession(world, later, tamper), { externalId, ...pending });
    expect(again && normalize(again)).toMatchObject({ externalId, artifacts: { transcript: { state: 'ready' } } });
  });

  function stampless(): Tamper {
    return (request, respond) => {
      const answer = respond(request);
      if (!request.url.includes('/extensive')) return answer;
      const { updated_at: _gone, ...data } = JSON.parse(String(answer.body)).data;
      return { ...answer, body: JSON.stringify({ data }) };
    };
  }
});
