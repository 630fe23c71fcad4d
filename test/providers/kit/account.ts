import { setGlobalDispatcher } from 'undici';
import { fakeNetwork } from '#infra/local/fakes/dispatcher.ts';
import { type FakeAnswer, type FakeRequest, jsonAnswer } from '#infra/local/fakes/exchange.ts';
import type { FaultRule } from '#infra/local/fakes/faults/fault.ts';
import { type FakeProvider, fakeProvider, type LoggedRequest, type Meter } from '#infra/local/fakes/provider.ts';
import type { Connector } from '#shared/providers/connector.ts';
import type { Fixture } from '../fixtures.ts';
import { arriving } from './arriving.ts';
import { type Phase, recordedAnswer } from './recorded.ts';
import { type ServedFiles, servedFiles } from './served-files.ts';

/**
 * A provider's account behind the real door: the recorded answers, given only to who shows the token that holds, with a
 * token endpoint and files on hosts of their own. It misbehaves on request.
 */
export type Account = {
  /** what a connection to it needs */
  settings: {
    baseUrl: string;
    tokenUrl: string;
    credentials: { clientId: string; clientSecret: string } | { token: string };
    mediaHosts: string[];
  };
  /** puts its hosts in place of the network */
  connect: () => void;
  /** every request under the account's address, in order */
  asked: () => readonly LoggedRequest[];
  /** every request to other hosts but that of tokens */
  askedElsewhere: () => readonly FakeRequest[];
  tokensIssued: () => number;
  /** the token that was issued last is no longer taken */
  revoke: () => void;
  /** no token is taken any more */
  lockOut: () => void;
  setPhase: (phase: Phase) => void;
  files: ServedFiles;
  /** the first that matches is played; they may be changed at any time */
  faults: FaultRule[];
  /** questions for which nothing is recorded: the fixture's fault or the connector's */
  unrecorded: string[];
};

const origin = 'https://provider.example';
const tokenOrigin = 'https://accounts.example';
const root = '/root';
/** In every secret of the kit, so that a test can look for it in errors and records. */
export const canary = 'canary-secret';

const free: Meter = { charge: (_request, answer) => ({ answer, cost: 1 }), spend: () => undefined };

/** `now` is the provider's clock. */
export function openAccount({ connector, recorded }: Fixture, now: () => number): Account {
  const files = servedFiles(recorded, origin + root);
  const faults: FaultRule[] = [];
  const unrecorded: string[] = [];
  const elsewhere: FakeRequest[] = [];
  const guard = { held: connector.auth.kind === 'token' ? canary : null, issued: 0, isLocked: false };
  let phase: Phase = 'first';

  const answer = (request: FakeRequest): FakeAnswer => {
    if (guard.isLocked || guard.held === null || request.headers['authorization'] !== `Bearer ${guard.held}`)
      return jsonAnswer(401, { error: 'Unauthorized' });
    const file = files.serve(request);
    if (file) return file;
    const found = recordedAnswer(recorded, root, phase)(request);
    if (found) {
      files.refreshLinks();
      return found;
    }
    unrecorded.push(`${request.method} ${request.url} ${request.body}`);
    return jsonAnswer(400, { error: 'nothing recorded' });
  };
  const issue = (): FakeAnswer => {
    guard.issued += 1;
    guard.held = `${canary}-${guard.issued}`;
    return jsonAnswer(200, { access_token: guard.held, token_type: 'Bearer', expires_in: 86_400 });
  };
  const provider = fakeProvider({ now, answer, meter: free, faults });
  const tokens = fakeProvider({ now, answer: issue, meter: free, faults: [] });
  const host: FakeProvider = {
    requests: { entries: [], total: 0, cost: 0 },
    handle: (request) => {
      elsewhere.push(request);
      return files.serve(request) ?? jsonAnswer(404, { error: 'no such file' });
    },
  };
  const hosts = Object.fromEntries(files.origins.map((each) => [each, host]));
  const network = fakeNetwork({ ...hosts, [origin]: provider, [tokenOrigin]: tokens }).compose(arriving);
  return {
    settings: settingsOf(connector, files),
    connect: () => setGlobalDispatcher(network),
    asked: () => provider.requests.entries,
    askedElsewhere: () => elsewhere,
    tokensIssued: () => guard.issued,
    revoke: () => Object.assign(guard, { held: null }),
    lockOut: () => Object.assign(guard, { isLocked: true }),
    setPhase: (next) => {
      phase = next;
    },
    files,
    faults,
    unrecorded,
  };
}

const settingsOf = ({ auth }: Connector, { origins }: ServedFiles): Account['settings'] => ({
  baseUrl: origin + root,
  tokenUrl: `${tokenOrigin}/token`,
  credentials: auth.kind === 'token' ? { token: canary } : { clientId: 'app', clientSecret: canary },
  mediaHosts: origins.map((each) => new URL(each).host),
});
