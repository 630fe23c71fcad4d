import { describe, expect, it } from 'vitest';
import { ProviderUnavailable, RateLimited } from '#shared/domain/errors.ts';
import type { PendingReference } from '#shared/providers/connector.ts';
import { vonage } from '#shared/providers/vonage/connector.ts';
import { batchesOf, guidOf, guidsOf, json, now, poisonedBy, processed, vonageSession } from './vonage-analyzer.ts';

const [stream] = vonage.streams;
if (!stream) throw new Error('no stream');
const { again, normalize } = stream;

const hour = 3_600_000;
const startedAgo = (hours: number): string => new Date(now - hours * hour).toISOString();

const reference = (externalId: string, change: Partial<PendingReference> = {}): PendingReference => ({
  externalId,
  startedAt: startedAgo(48),
  endedAt: null,
  open: ['transcript'],
  ...change,
});

const recording = { contentKey: 'callRecording', type: 'callRecording', contentLength: 3 };
const interactionOf = (guid: string) => json({ guid, start: startedAgo(48), content: [recording] });

type Behaviour = Parameters<typeof vonageSession>[0];

async function ask(references: readonly PendingReference[], behaviour: Behaviour) {
  const session = vonageSession(behaviour);
  const answers = await again.fetch(session, references);
  const seen = answers.map((answer) => answer && normalize(answer));
  const listings = session.asked.filter(({ url }) => !url.searchParams.has('calls')).map(({ url }) => url.pathname);
  return { answers, seen, session, listings };
}

const all = poisonedBy(new Set());
const pending = { state: 'pending' };

describe('asking for analyses again', () => {
  const recent = { startedAt: startedAgo(1) };

  it('is one request for fifty records, and tells of single artifacts', async () => {
    const references = guidsOf(50).map((guid) => reference(guid, recent));
    const { seen, session, listings } = await ask(references, { analyses: all });
    expect([again.most, batchesOf(session), listings]).toEqual([50, [guidsOf(50)], []]);
    expect(seen.map((one) => [one?.externalId, one?.scope, one?.transcript?.text])).toEqual(
      guidsOf(50).map((guid) => [guid, 'artifacts', `Said in ${guid}.`]),
    );
    expect(seen[0]?.artifacts['transcript']).toEqual({ state: 'ready' });
  });

  it('says of a missing one, of one that fails and of one that is no GUID that it is not ready', async () => {
    const [told, failing, missing] = guidsOf(3);
    const references = [told, failing, missing, 'voicemail-7'].map((guid) => reference(guid ?? '', recent));
    const { seen, answers } = await ask(references, {
      analyses: (guids) =>
        guids.includes(failing ?? '')
          ? json({}, 500)
          : json(guids.filter((guid) => guid === told).map((guid) => processed(guid))),
    });
    expect(seen.map((one) => one?.artifacts['transcript']?.state)).toEqual(['ready', 'pending', 'pending', 'pending']);
    expect(seen.map((one) => one?.externalId)).toEqual(references.map(({ externalId }) => externalId));
    expect(answers.every((answer) => answer?.sentAt === now)).toBe(true);
  });

  it('takes an analyzer that is off for its word on those that it was asked for', async () => {
    const files = reference(guidOf(1), { ...recent, open: ['media:screenRecording'] });
    const { seen } = await ask([reference(guidOf(0), recent), files], { analyses: () => json({}, 403) });
    const states = seen.map((one) => one?.artifacts['transcript']);
    expect(states).toEqual([{ state: 'absent', reason: 'permissionMissing' }, pending]);
  });

  it('hands a failing provider up', async () => {
    const references = guidsOf(4).map((guid) => reference(guid, recent));
    await expect(ask(references, { analyses: () => json({}, 500) })).rejects.toThrow(ProviderUnavailable);
    await expect(ask(references, { analyses: () => json({}, 429) })).rejects.toThrow(RateLimited);
  });
});

describe('files that come after the lookback', () => {
  const [guid = ''] = guidsOf(1);

  it.each([
    ['processed', 1],
    ['Failed', 1],
    ['processing', 0],
    ['new', 0],
  ])('are asked for with an analysis that is %s: %d times', async (status, times) => {
    const analyses = () => json([processed(guid, { status })]);
    const { seen, listings } = await ask([reference(guid)], { analyses, interaction: interactionOf });
    expect(listings).toHaveLength(times);
    expect(seen[0]?.files.map(({ key }) => key)).toEqual(times ? ['callRecording'] : []);
  });

  it.each([
    [reference(guid, { startedAt: startedAgo(24) }), undefined, 0],
    [reference(guid, { startedAt: startedAgo(25) }), undefined, 1],
    [reference(guid, { startedAt: startedAgo(25) }), '26h', 0],
    [reference(guid, { startedAt: startedAgo(1) }), '30m', 1],
    [reference(guid, { startedAt: null }), undefined, 0],
  ])('are asked for by %j with the lookback %s: %d times', async (due, lookback, times) => {
    const behaviour = { analyses: all, interaction: interactionOf, ...(lookback && { lookback }) };
    expect((await ask([due], behaviour)).listings).toHaveLength(times);
  });

  it('are asked for alone where only files are awaited', async () => {
    const due = reference(guid, { open: ['media:screenRecording'] });
    const { session, seen, listings } = await ask([due], { analyses: all, interaction: interactionOf });
    expect([batchesOf(session), listings]).toEqual([[], [`/interaction-content/interactions/${guid}`]]);
    expect(seen[0]).toMatchObject({ scope: 'artifacts', artifacts: { transcript: pending } });
    expect(seen[0]?.files).toHaveLength(1);
    expect((await ask([{ ...due, externalId: 'voicemail-7' }], { interaction: interactionOf })).listings).toEqual([]);
  });

  it.each([404, 410, 403])('are none where the interaction answers %d', async (status) => {
    const { seen } = await ask([reference(guid)], { analyses: all, interaction: () => json({}, status) });
    expect(seen[0]).toMatchObject({ files: [], artifacts: { transcript: { state: 'ready' } } });
  });

  it('keep the records due for which the provider fails, and no others', async () => {
    const failing = [1, 2, 4, 5].map(guidOf);
    const interaction = (one: string) => (failing.includes(one) ? json({}, 500) : interactionOf(one));
    const { seen } = await ask(
      guidsOf(6).map((one) => reference(one)),
      { analyses: all, interaction },
    );
    expect(seen.map((one) => one?.artifacts['transcript']?.state)).toEqual([
      'ready',
      'pending',
      'pending',
      'ready',
      'pending',
      'pending',
    ]);
  });

  it('are given up where the provider fails for three in a row', async () => {
    const references = guidsOf(50).map((one) => reference(one));
    const session = vonageSession({ analyses: all, interaction: () => json({}, 500) });
    await expect(again.fetch(session, references)).rejects.toThrow(ProviderUnavailable);
    expect(session.asked).toHaveLength(4);
    await expect(ask(references, { analyses: all, interaction: () => json({}, 503) })).rejects.toThrow('503');
  });

  it('come as far as the budget goes: the others stay due', async () => {
    const references = guidsOf(5).map((one) => reference(one));
    const until = (limit: number) => {
      let answered = 0;
      return (one: string) => (answered++ < limit ? interactionOf(one) : json({}, 429));
    };
    const { seen } = await ask(references, { analyses: all, interaction: until(2) });
    const states = seen.map((one) => one?.artifacts['transcript']?.state);
    expect(states).toEqual(['ready', 'ready', 'pending', 'pending', 'pending']);
    await expect(ask(references, { analyses: all, interaction: until(0) })).rejects.toThrow(RateLimited);
  });

  it.each([[[]], [{ guid: guidOf(9), start: startedAgo(48), content: [recording] }], [{ guid }], ['']])(
    'are not read out of %j: the record stays due',
    async (body) => {
      const session = vonageSession({ analyses: all, interaction: () => json(body) });
      const [answer] = await again.fetch(session, [reference(guid)]);
      expect(() => answer && normalize(answer)).toThrow('record not understood');
    },
  );

  it('are read out of an interaction whose GUID has another case', async () => {
    const upper = () => interactionOf(guid.toUpperCase());
    const { seen } = await ask([reference(guid)], { analyses: all, interaction: upper });
    expect(seen[0]?.files).toHaveLength(1);
  });
});
