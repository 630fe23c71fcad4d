import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { artifactKindSchema } from '#shared/domain/artifact.ts';
import { contentSchema } from '#shared/domain/conversation.ts';
import { RecordInvalid, ResponseInvalid } from '#shared/domain/errors.ts';
import { conversationId } from '#shared/domain/identity.ts';
import { transcriptSchema } from '#shared/domain/transcript.ts';
import type { Answer, Normalized, Stream } from '#shared/providers/connector.ts';
import { connectors, findConnector } from '#shared/providers/registry.ts';
import { changed, pathsOf, wrongs } from './damage.ts';
import { fakeSession } from './fake-session.ts';
import { type Fixture, fixturesOf } from './fixtures.ts';
import { answerFor, walkWindow } from './walk.ts';

/** What every connector keeps, whatever its provider: a new one needs a folder of fixtures and nothing here. */

const normalizedSchema = z.strictObject({
  externalId: z.string().min(1),
  stamp: z.string().nullable(),
  content: contentSchema.strict(),
  transcript: transcriptSchema.strict().nullable(),
  artifacts: z.record(
    artifactKindSchema,
    z.strictObject({
      state: z.enum(['pending', 'ready', 'absent', 'expired', 'failed']),
      reason: z
        .string()
        .regex(/^[A-Za-z]+$/)
        .optional(),
    }),
  ),
  drift: z.array(z.string().regex(/^[A-Za-z0-9_.[\]<>=-]{1,200}$/)).max(100),
});

/** Holds for whatever a connector makes of an answer, good or damaged. */
function expectSound(connector: Fixture['connector'], normalized: Normalized): void {
  const faults = normalizedSchema.safeParse(normalized).error?.issues ?? [];
  expect(faults).toEqual([]);
  expect(Object.keys(normalized.artifacts)).toEqual(expect.arrayContaining([...connector.promised]));
  expect(JSON.stringify(normalized).match(/\\ud[89a-f][0-9a-f]{2}/i)).toBeNull();
  const { content, transcript, artifacts } = normalized;
  for (const { participant, role } of transcript?.utterances ?? []) {
    if (participant !== null) expect(content.participants[participant]?.role).toBe(role);
  }
  expect(artifacts['transcript']?.state === 'ready').toBe(transcript !== null);
  if (connector.promised.includes('summary'))
    expect(artifacts['summary']?.state === 'ready').toBe(content.summary !== null);
}

const answersOf = async ({ stream, session, window }: Fixture): Promise<Answer[]> => {
  const asked = session();
  const { records } = await walkWindow(stream, asked, window);
  return Promise.all(records.map((record) => answerFor(stream, asked, record)));
};

/** Normalized, or null where the record is refused; any other error is a fault of ours. */
function normalizeOrRefuse(stream: Stream, answer: Answer): Normalized | null {
  try {
    return stream.normalize(answer);
  } catch (error) {
    if (!(error instanceof RecordInvalid)) throw error;
    expect(error.issues.length).toBeGreaterThan(0);
    return null;
  }
}

const anyJson = fc.oneof({ arbitrary: fc.constantFrom(...wrongs), weight: 2 }, fc.jsonValue({ maxDepth: 3 }));

describe.each(connectors.map((connector) => [connector.provider, connector] as const))('%s', (provider, connector) => {
  const fixtures = fixturesOf(connector);

  it('stands in the registry under its name, with a fixture for every stream', () => {
    expect(findConnector(provider)).toBe(connector);
    const covered = new Set(fixtures.map(({ stream }) => stream.name));
    expect([...covered].sort()).toEqual(connector.streams.map(({ name }) => name).sort());
  });

  it('has windows wider than their lookback, else the watermark would stand still', () => {
    for (const { lookbackMs, maxWindowMs } of connector.streams) expect(lookbackMs).toBeLessThan(maxWindowMs);
  });

  it('takes nothing but a page for a page', async () => {
    for (const { stream, window } of fixtures) {
      for (const body of [
        '<html></html>',
        null,
        7,
        {},
        { data: {} },
        { data: null },
        { _embedded: {} },
        { error: 'no' },
      ]) {
        const session = fakeSession({
          provider,
          baseUrl: 'https://provider.example',
          token: 't',
          now: () => 0,
          respond: () => ({ status: 200, headers: {}, body: JSON.stringify(body) }),
        });
        await expect(stream.fetchPage(session, window, null)).rejects.toThrow(ResponseInvalid);
      }
    }
  });

  describe.each(fixtures.map((fixture) => [fixture.name, fixture] as const))('%s', (_name, fixture) => {
    const { stream, window, session } = fixture;

    it('is normalized to its golden file, every time alike', async () => {
      const answers = await answersOf(fixture);
      const first = answers.map((answer) => stream.normalize(answer));
      const again = (await answersOf(fixture)).map((answer) => stream.normalize(structuredClone(answer)));
      expect(again).toEqual(first);
      for (const normalized of first) expectSound(connector, normalized);
      await expect(`${JSON.stringify(first, null, 2)}\n`).toMatchFileSnapshot(fixture.goldenFile);
    });

    it('leaves the raw answer as it came', async () => {
      for (const answer of await answersOf(fixture)) {
        const before = structuredClone(answer);
        stream.normalize(answer);
        expect(answer).toEqual(before);
      }
    });

    it('says the same of a record alone and whole, under one id', async () => {
      for (const answer of await answersOf(fixture)) {
        const { externalId, stamp } = stream.identify(answer.listed);
        const normalized = stream.normalize(answer);
        expect(normalized.externalId).toBe(externalId);
        expect(normalized.stamp).toBe(stamp);
        expect(conversationId('acme', externalId)).toBe(conversationId('acme', normalized.externalId));
        expectSound(connector, stream.normalize({ ...answer, detail: null }));
      }
    });

    it('goes on from any cursor to the same end', async () => {
      const asked = session();
      const whole = await walkWindow(stream, asked, window);
      for (const [i, cursor] of whole.cursors.entries()) {
        const rest: unknown[] = [];
        let at: string | null = cursor;
        while (at !== null) {
          const page: Awaited<ReturnType<Stream['fetchPage']>> = await stream.fetchPage(asked, window, at);
          rest.push(...page.records);
          at = page.next;
        }
        expect(rest.length).toBeLessThan(whole.records.length + 1);
        expect(whole.records.slice(whole.records.length - rest.length)).toEqual(rest);
        expect(i).toBeLessThan(whole.pages);
      }
    });

    it('finds a record again by its reference', async () => {
      for (const answer of await answersOf(fixture)) {
        const { externalId, content } = stream.normalize(answer);
        if (answer.detail && Object.hasOwn(answer.detail, 'refused') && !Object.hasOwn(answer.detail, 'extensive'))
          continue;
        const again = await stream.fetchAgain(session(), { externalId, ...content });
        expect(again && stream.normalize(again)).toEqual(stream.normalize(answer));
      }
    });

    it('survives every field gone or of every wrong kind, one at a time', async () => {
      let refused = 0;
      for (const { sentAt, ...answer } of await answersOf(fixture)) {
        for (const path of pathsOf(answer)) {
          for (const wrong of wrongs) {
            const damaged = changed(answer, path, wrong) as Answer;
            const normalized = normalizeOrRefuse(stream, { ...damaged, detail: damaged?.detail ?? null, sentAt });
            if (normalized) expectSound(connector, normalized);
            else refused += 1;
          }
        }
      }
      expect(refused).toBeGreaterThan(10);
    });

    it('survives several damages at once', async () => {
      const answers = await answersOf(fixture);
      const damage = fc.record({
        which: fc.nat(),
        where: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
        to: anyJson,
      });
      await fc.assert(
        fc.property(damage, ({ which, where, to }) => {
          let answer: unknown = answers[which % answers.length];
          for (const place of where) {
            const paths = pathsOf(answer).filter(([first]) => first === 'listed' || first === 'detail');
            answer = changed(answer, paths[place % paths.length] ?? [], to);
          }
          const { listed, detail } = { listed: undefined, detail: null, ...(answer as Partial<Answer>) };
          const normalized = normalizeOrRefuse(stream, { listed, detail, sentAt: 0 });
          if (normalized) expectSound(connector, normalized);
        }),
        { numRuns: 500 },
      );
      expect(Object.prototype).not.toHaveProperty('polluted');
    });

    it('never repeats a value of a refused record', async () => {
      for (const { listed } of await answersOf(fixture)) {
        const secret = 'Ada Lovelace +441632960111';
        for (const [key] of Object.entries(listed as object)) {
          try {
            stream.normalize({ listed: { ...(listed as object), [key]: secret }, detail: null, sentAt: 0 });
          } catch (error) {
            expect(error).toBeInstanceOf(RecordInvalid);
            expect(JSON.stringify([String(error), (error as RecordInvalid).issues])).not.toContain('Ada');
          }
        }
      }
    });
  });
});
