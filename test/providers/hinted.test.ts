import { describe, expect, it } from 'vitest';
import type { FakeAnswer } from '#infra/local/fakes/exchange.ts';
import { PermissionMissing, ProviderUnavailable, ResponseInvalid } from '#shared/domain/errors.ts';
import { fetchHinted as fetchTalkdesk } from '#shared/providers/talkdesk/hinted.ts';
import { normalize } from '#shared/providers/talkdesk/normalize.ts';
import { fetchHinted as fetchVonage } from '#shared/providers/vonage/hinted.ts';
import { fakeSession } from './fake-session.ts';
import { guidOf, json, processed, vonageSession } from './vonage-analyzer.ts';

const hintOf = (externalId: string, startedAt: string | null = null) => ({ externalId, startedAt });

describe('vonage', () => {
  const [there, gone] = [guidOf(1), guidOf(2)];
  const interaction = (guid: string): FakeAnswer =>
    guid === there ? json({ guid: there.toUpperCase(), start: '2026-03-02T09:14:07Z' }) : json({}, 404);

  it('asks the analyzer once, for what owns content alone', async () => {
    const session = vonageSession({ interaction, analyses: (guids) => json(guids.map((guid) => processed(guid))) });
    const [first, second] = await fetchVonage(session, [hintOf(there), hintOf(gone)]);
    expect(first).toMatchObject({ listed: { start: '2026-03-02T09:14:07Z' }, detail: { analysis: { guid: there } } });
    expect(second).toBeNull();
    expect(session.asked.map(({ url }) => url.searchParams.get('calls')).filter(Boolean)).toEqual([there]);
  });

  it('asks no analyzer where nothing is there', async () => {
    const session = vonageSession({ analyses: (guids) => json(guids.map((guid) => processed(guid))) });
    expect(await fetchVonage(session, [hintOf(gone)])).toEqual([null]);
    expect(session.asked).toHaveLength(1);
  });

  it('gives a record that the analyzer does not know yet', async () => {
    const [answer] = await fetchVonage(vonageSession({ interaction }), [hintOf(there)]);
    expect(answer).toMatchObject({ listed: { start: '2026-03-02T09:14:07Z' }, detail: {} });
  });

  it.each([
    [json({}, 500), ProviderUnavailable],
    [json({}, 403), PermissionMissing],
    [json({ guid: gone, start: '2026-03-02T09:14:07Z' }), ResponseInvalid],
  ])('takes %j for no word about the record', async (answer, error) => {
    const session = vonageSession({ interaction: () => answer });
    await expect(fetchVonage(session, [hintOf(there)])).rejects.toThrow(error);
  });
});

describe('talkdesk', () => {
  const now = Date.parse('2026-03-02T12:00:00Z');
  const of = (id: string) => ({
    id,
    started_at: '2026-03-02T11:50:00Z',
    messages: [{ recording_id: 'r', channel: 'VOICE' }],
  });

  /** A session over pages by the start of the span that is asked for; behind each there is another, if `endless`. */
  function sessionOver(pages: Readonly<Record<string, readonly unknown[]>>, endless = false) {
    let asked = 0;
    return fakeSession({
      provider: 'talkdesk',
      baseUrl: 'https://provider.example',
      token: 't',
      now: () => now,
      respond: ({ url }) => {
        const from = new URL(url).searchParams.get('interaction_started') ?? '';
        asked += 1;
        const _links = endless ? { next: { href: `?cursor=${asked}` } } : {};
        return json({ _embedded: { interactions: pages[from] ?? [] }, _links });
      },
    });
  }
  const starts = ({ asked }: ReturnType<typeof sessionOver>): (string | null)[] =>
    asked.map(({ url }) => url.searchParams.get('interaction_started'));
  const [lastHour, lastDay] = ['2026-03-02T11:00:00.000Z', '2026-03-01T12:00:00.000Z'];

  it('looks around the start where that is known', async () => {
    const session = sessionOver({ '2026-03-02T11:49:59.000Z': [of('a')] });
    const [answer] = await fetchTalkdesk(session, [hintOf('a', '2026-03-02T11:50:00Z')]);
    expect(answer).toMatchObject({ listed: { id: 'a' } });
    expect(session.asked).toHaveLength(1);
  });

  it('looks through the last hour, then the last day, for all of them together', async () => {
    const session = sessionOver({ [lastHour]: [of('a'), {}], [lastDay]: [of('b'), of('a')] });
    const answers = await fetchTalkdesk(session, [hintOf('b'), hintOf('a'), hintOf('nobody')]);
    expect(answers.map((answer) => answer && normalize(answer).externalId)).toEqual(['b', 'a', null]);
    expect(starts(session)).toEqual([lastHour, lastDay]);
  });

  it('leaves to the next poll what lies behind many pages', async () => {
    const session = sessionOver({}, true);
    expect(await fetchTalkdesk(session, [hintOf('a')])).toEqual([null]);
    expect(session.asked).toHaveLength(40);
  });

  it('gives a record that it does not understand as it came', async () => {
    const session = sessionOver({ [lastHour]: [{ id: 'a', started_at: 7 }] });
    const listed = { id: 'a', started_at: 7 };
    expect(await fetchTalkdesk(session, [hintOf('a')])).toEqual([{ listed, detail: null, sentAt: now }]);
  });
});
