import * as z from 'zod';
import { NotAtProvider, RecordInvalid, ResponseInvalid } from '#shared/domain/errors.ts';
import { makeTranscript } from '#shared/domain/transcript.ts';
import { blankContent } from '#shared/providers/blank-content.ts';
import type { Answer, Connector, Session, Stream } from '#shared/providers/connector.ts';
import { fieldsOf } from '#shared/providers/fields-of.ts';
import { hintsOf } from '#shared/providers/hints-of.ts';
import { ledgerPage, stampIn } from '#shared/providers/ledger-page.ts';
import { oneByOne } from '#shared/providers/one-by-one.ts';
import { type Fixture, fixtureOf } from '../fixtures.ts';
import { pushedSchema } from './pushed.ts';
import { type Exchange, recordedSchema } from './recorded.ts';

/** The plainest connector that keeps every rule of the kit, to be given flaws (flaw.ts): each must break a rule. */

export const thingSchema = z.object({
  id: z.string().min(1),
  at: z.iso.datetime(),
  title: z.string(),
  audio: z.boolean(),
});
const pageSchema = z.object({ things: z.array(z.unknown()), next: z.string().nullable() });
const textsSchema = z.object({ texts: z.record(z.string(), z.string().nullable()) });

const idOf = (listed: unknown): string => {
  const parsed = thingSchema.pick({ id: true }).safeParse(listed);
  if (!parsed.success) throw new RecordInvalid(['id: expected text']);
  return parsed.data.id;
};

async function fetchThing(session: Session, id: string): Promise<{ listed: unknown; sentAt: number }> {
  const { body, sentAt } = await session.getJson(`/things/${encodeURIComponent(id)}`);
  return { listed: body, sentAt };
}

async function fetchTexts(session: Session, ids: readonly string[]) {
  const parsed = textsSchema.safeParse((await session.getJson('/texts', [['ids', ids.join()]])).body);
  if (!parsed.success) throw new ResponseInvalid('texts are not {"texts": {...}}');
  return ids.map((id) => ({ text: parsed.data.texts[id] ?? null }));
}

function normalize({ listed, detail }: Answer): ReturnType<Stream['normalize']> {
  const thing = thingSchema.safeParse(listed);
  if (!thing.success) throw new RecordInvalid(thing.error.issues.map(({ path: [field] }) => `${String(field)}: wrong`));
  const { id, at, title, audio } = thing.data;
  const text = typeof detail?.['text'] === 'string' ? detail['text'].toWellFormed() : null;
  const turn = {
    participant: null,
    role: 'unknown',
    startMs: null,
    endMs: null,
    sentiment: null,
    intent: null,
  } as const;
  return {
    externalId: id.toWellFormed(),
    stamp: null,
    scope: detail === null ? 'listing' : 'whole',
    content: {
      ...blankContent,
      status: 'completed',
      title: title.toWellFormed(),
      startedAt: new Date(at).toISOString(),
    },
    transcript: text === null ? null : makeTranscript(null, [{ ...turn, text }]),
    artifacts: { transcript: { state: text === null ? 'pending' : 'ready' } },
    files: audio ? [{ key: 'audio', kind: 'audio', contentType: null, bytes: null, revision: null }] : [],
    drift: [],
  };
}

function orNull(error: unknown): null {
  if (error instanceof NotAtProvider) return null;
  throw error;
}

const identify: Stream['identify'] = (listed) => ({ externalId: idOf(listed).toWellFormed(), stamp: null });

const fetchPage: Stream['fetchPage'] = async (session, _window, cursor) => {
  const query = cursor === null ? [] : [['cursor', cursor] as const];
  const { body, servedAt, sentAt } = await session.getJson('/things', query);
  const parsed = pageSchema.safeParse(body);
  if (!parsed.success) throw new ResponseInvalid('page is not {"things": [...], "next"}');
  return { records: parsed.data.things, next: parsed.data.next, servedAt, sentAt };
};

const stream: Stream = {
  name: 'things',
  maxWindowMs: 7 * 86_400_000,
  lookbackMs: 3_600_000,
  fetchPage,
  identify,
  details: { most: 2, fetch: (session, listed) => fetchTexts(session, listed.map(idOf)) },
  again: {
    most: 2,
    fetch: async (session, references) => {
      const details = await fetchTexts(
        session,
        references.map(({ externalId }) => externalId),
      );
      const answers: Answer[] = [];
      for (const [n, { externalId }] of references.entries()) {
        answers.push({ ...(await fetchThing(session, externalId)), detail: details[n] ?? null });
      }
      return answers;
    },
  },
  hinted: oneByOne(async (session, { externalId }) => {
    const found = await fetchThing(session, externalId).catch(orNull);
    return found && { ...found, detail: (await fetchTexts(session, [externalId]))[0] ?? null };
  }),
  normalize,
  ledger: {
    stamp: 'startedAt',
    maxWindowMs: 7 * 86_400_000,
    stampOf: stampIn('at'),
    fetchPage: async (session, window, cursor) =>
      ledgerPage(await fetchPage(session, window, cursor), window, { identify, field: 'at' }),
  },
};

export const plain: Connector = {
  provider: 'earshot',
  mapper: 1,
  promised: ['transcript'],
  rateLimit: {},
  recordsSince: null,
  baseUrl: () => null,
  auth: { kind: 'clientCredentials', tokenUrl: () => null, scope: null },
  readBudget: () => ({}),
  streams: [stream],
  media: {
    locate: async (session, { externalId }) => {
      const { body } = await session.getJson(`/things/${externalId}/audio`);
      return { from: 'link', href: z.object({ url: z.string() }).parse(body).url };
    },
  },
  webhook: {
    hints: (delivery) => {
      const pushed = Array.isArray(delivery.body) ? delivery.body.map(fieldsOf) : [fieldsOf(delivery.body)];
      return hintsOf(
        delivery,
        pushed.map(({ thing: id, at: startedAt }) => ({ id, startedAt })),
      );
    },
  },
};

const thing = (id: string, hour: number) => ({
  id,
  at: `2026-03-02T0${hour}:00:00Z`,
  title: `Thing ${id}`,
  audio: true,
});
const things = [thing('a', 1), thing('b', 2), thing('c', 2)];
const texts = (told: Record<string, string | null>) => ({ path: '/texts', body: { texts: told } });
const link = 'https://storage.example.com/a.mp3';
const exchange = [
  { path: '/things', query: { cursor: '2' }, body: { things: things.slice(2), next: null } },
  { path: '/things', body: { things: things.slice(0, 2), next: '2' } },
  ...things.map((each) => ({ path: `/things/${each.id}`, body: each })),
  { path: '/things/a/audio', body: { url: `${link}?signature=x` } },
  texts({ a: 'Hello.', b: null, c: 'Bye.' }),
] satisfies Partial<Exchange>[];

const pushed = pushedSchema.parse({
  about: 'planted',
  nobody: 'z',
  deliveries: [
    {
      body: { thing: 'a', at: '2026-03-02T01:00:00Z' },
      hints: [{ externalId: 'a', startedAt: '2026-03-02T01:00:00.000Z' }],
    },
    {
      body: [{ thing: 'a' }, { thing: 'b' }],
      hints: [
        { externalId: 'a', startedAt: null },
        { externalId: 'b', startedAt: null },
      ],
    },
    { body: { other: 'a' }, hints: [] },
  ],
});

/** The scenario of the plain connector, or of one with a flaw: two pages, a late text, a file; `fails` with broken texts. */
export function plainFixture(connector: Connector, { fails = false } = {}): Fixture {
  const recorded = {
    about: 'planted',
    window: { from: '2026-03-02T00:00:00Z', to: '2026-03-03T00:00:00Z' },
    exchange: fails ? [{ path: '/texts', text: '{"texts":' }, ...exchange] : exchange,
    later: [texts({ a: 'Hello.', b: 'At last.', c: 'Bye.' })],
    media: { audio: { externalId: 'a', href: link, contentType: 'audio/mpeg', bytes: 9_000, brokenAt: [10, 5_000] } },
    ...(fails ? { fails: 'ResponseInvalid' } : { changed: { b: ['transcript'] } }),
  };
  return fixtureOf(connector, 'earshot/things.planted.json', { recorded: recordedSchema.parse(recorded), pushed });
}
