import type { FakeAnswer } from '#infra/local/fakes/exchange.ts';
import { type FakeSession, fakeSession } from './fake-session.ts';

/** A small Vonage of which a test says what it answers for a GUID; the whole one is infra/local/fakes/vonage. */

export const guidOf = (n: number): string => `0164705c-c206-4ce9-861a-${n.toString(16).padStart(12, '0')}`;
export const guidsOf = (count: number): string[] => Array.from({ length: count }, (_, n) => guidOf(n));

export const now = Date.parse('2026-03-04T00:00:00.000Z');

export const json = (body: unknown, status = 200): FakeAnswer => ({ status, headers: {}, body: JSON.stringify(body) });

type Behaviour = {
  /** what the analyzer answers for a batch, given the GUIDs asked for */
  analyses?: (guids: readonly string[]) => FakeAnswer;
  /** what the content API answers for one interaction */
  interaction?: (guid: string) => FakeAnswer;
  lookback?: string;
};

export const processed = (guid: string, change: object = {}) => ({
  guid,
  status: 'processed',
  categories: [],
  transcript: `Said in ${guid}.`,
  ...change,
});

const gone = (): FakeAnswer => json({ message: 'not found' }, 404);

export function vonageSession({ analyses = gone, interaction = gone, lookback }: Behaviour): FakeSession {
  const session = fakeSession({
    provider: 'vonage',
    baseUrl: 'https://emea.api.newvoicemedia.com',
    token: 't',
    now: () => now,
    respond: ({ url }) => {
      const { pathname, searchParams } = new URL(url);
      if (pathname !== '/conversation-analyzer/interactions') return interaction(pathname.split('/').at(-1) ?? '');
      return analyses(searchParams.get('calls')?.split(',') ?? []);
    },
  });
  return lookback ? { ...session, connection: { ...session.connection, lookback } } : session;
}

/** The GUIDs of each request to the analyzer. */
export const batchesOf = ({ asked }: FakeSession): string[][] =>
  asked.flatMap(({ url }) => [url.searchParams.get('calls')?.split(',') ?? []]).filter(({ length }) => length > 0);

/** An analyzer that answers 500 for a batch with one of these among it, and for all others at once. */
export const poisonedBy =
  (poison: ReadonlySet<string>, status = 500) =>
  (guids: readonly string[]): FakeAnswer =>
    guids.some((guid) => poison.has(guid)) ? json({}, status) : json(guids.map((guid) => processed(guid)));
