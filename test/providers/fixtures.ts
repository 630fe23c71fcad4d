import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { jsonAnswer } from '#infra/local/fakes/exchange.ts';
import type { Window } from '#shared/domain/checkpoint.ts';
import type { Connector, Stream } from '#shared/providers/connector.ts';
import { type FakeSession, fakeSession } from './fake-session.ts';

/** A recorded talk with a provider: `test/fixtures/<provider>/<stream>.<scenario>.json`, golden beside it. */
export type Fixture = {
  name: string;
  connector: Connector;
  stream: Stream;
  window: Window;
  session: () => FakeSession;
  goldenFile: string;
};

type Exchange = { path: string; query?: Record<string, string>; status?: number; body: unknown };
type Recorded = { about: string; window: { from: string; to: string }; exchange: Exchange[] };

const root = new URL('../fixtures/', import.meta.url);
const baseUrl = 'https://provider.example/root';

/** Every scenario of a provider's folder. The first exchange whose path and query parameters fit is the answer. */
export function fixturesOf(connector: Connector): Fixture[] {
  const folder = new URL(`${connector.provider}/`, root);
  const files = readdirSync(folder).filter((file) => file.endsWith('.json') && !file.endsWith('.expected.json'));
  return files.map((file) => {
    const recorded: Recorded = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
    const stream = connector.streams.find(({ name }) => name === file.split('.')[0]);
    if (!stream) throw new Error(`${file}: no such stream`);
    return {
      name: `${connector.provider}/${file}`,
      connector,
      stream,
      window: { from: Date.parse(recorded.window.from), to: Date.parse(recorded.window.to) },
      session: () => recordedSession(connector.provider, recorded.exchange),
      goldenFile: fileURLToPath(new URL(file.replace(/\.json$/, '.expected.json'), folder)),
    };
  });
}

function recordedSession(provider: string, exchange: readonly Exchange[]): FakeSession {
  return fakeSession({
    provider,
    baseUrl,
    token: 'none',
    now: () => Date.parse('2026-03-04T00:00:00.000Z'),
    respond: ({ url }) => {
      const { pathname, searchParams } = new URL(url);
      const fits = ({ path, query = {} }: Exchange): boolean =>
        pathname === `/root${path}` && Object.entries(query).every(([name, value]) => searchParams.get(name) === value);
      const found = exchange.find(fits);
      if (!found) throw new Error(`nothing recorded for ${pathname}${new URL(url).search}`);
      return jsonAnswer(found.status ?? 200, found.body);
    },
  });
}
