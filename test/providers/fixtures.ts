import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Window } from '#shared/domain/checkpoint.ts';
import type { Connector, Stream } from '#shared/providers/connector.ts';
import { type FakeSession, fakeSession } from './fake-session.ts';
import { type Pushed, pushedSchema } from './kit/pushed.ts';
import { type Phase, type Recorded, recordedAnswer, recordedSchema } from './kit/recorded.ts';

/** A scenario of a connector's stream: `test/fixtures/<provider>/<stream>.<scenario>.json`, golden beside it. */
export type Fixture = {
  name: string;
  scenario: string;
  connector: Connector;
  stream: Stream;
  window: Window;
  recorded: Recorded;
  /** what is pushed by the provider, or by somebody in its place */
  pushed: Pushed;
  /** a session without network over the recorded answers; every other question is an error */
  session: (phase?: Phase) => FakeSession;
};

const root = new URL('../fixtures/', import.meta.url);

/** Every scenario of a provider's folder, with what it pushes (`webhook.json`). */
export function fixturesOf(connector: Connector): Fixture[] {
  const folder = new URL(`${connector.provider}/`, root);
  const isScenario = (file: string): boolean => /^\w+\.[\w-]+\.json$/.test(file);
  const pushed = pushedSchema.parse(JSON.parse(readFileSync(new URL('webhook.json', folder), 'utf8')));
  return readdirSync(folder)
    .filter(isScenario)
    .sort()
    .map((file) => {
      const recorded = recordedSchema.safeParse(JSON.parse(readFileSync(new URL(file, folder), 'utf8')));
      if (!recorded.success) throw new Error(`${connector.provider}/${file}: ${recorded.error.message}`);
      return fixtureOf(connector, `${connector.provider}/${file}`, { recorded: recorded.data, pushed });
    });
}

/** A scenario by its file's name and what stands in it. */
export function fixtureOf(
  connector: Connector,
  name: string,
  { recorded, pushed }: Pick<Fixture, 'recorded' | 'pushed'>,
): Fixture {
  const [streamName = '', scenario = ''] = (name.split('/').at(-1) ?? '').split('.');
  const stream = connector.streams.find((each) => each.name === streamName);
  if (!stream) throw new Error(`${name}: no such stream`);
  const window = { from: Date.parse(recorded.window.from), to: Date.parse(recorded.window.to) };
  const session = (phase?: Phase): FakeSession =>
    fakeSession({
      provider: connector.provider,
      accept: connector.accept,
      baseUrl: 'https://provider.example/root',
      token: 'none',
      now: () => window.to,
      respond: (request) => {
        const answer = recordedAnswer(recorded, '/root', phase)(request);
        if (!answer) throw new Error(`${name}: nothing recorded for ${request.method} ${request.url} ${request.body}`);
        return answer;
      },
    });
  return { name, scenario, connector, stream, window, recorded, pushed, session };
}

/** What the scenario's records must be normalized to, by the first answers or by the later ones. */
export const goldenFile = ({ name }: Fixture, phase: Phase): string =>
  fileURLToPath(new URL(name.replace(/\.json$/, `${phase === 'later' ? '.later' : ''}.expected.json`), root));
