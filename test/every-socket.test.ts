import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { getGlobalDispatcher } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectionSchema } from '#shared/domain/connections.ts';
import { hostRules } from '#shared/http/host-rules.ts';
import { createTokenCache } from '#shared/http/oauth.ts';
import { openStream } from '#shared/http/open-stream.ts';
import { publicDispatcher } from '#shared/http/public-dispatcher.ts';
import { pollStream } from '#shared/ingest/poll-stream.ts';
import { openSession } from '#shared/ingest/session.ts';
import type { Connector } from '#shared/providers/connector.ts';
import { connectors } from '#shared/providers/registry.ts';
import { receiveAll } from '#test/http/memory-file.ts';
import { lintSockets } from '#test/support/lint-sockets.ts';
import { type Loopback, loopback } from '#test/support/loopback.ts';
import { type TestStore, testStore } from '#test/support/store.ts';
import { virtualClock } from '#test/support/virtual-clock.ts';
import { watchSockets } from '#test/support/watch-sockets.ts';

const root = resolve(import.meta.dirname, '..');
const deployed = ['shared', 'functions'];

const sources = deployed
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => join(entry.parentPath, entry.name));

describe('the code that is deployed', () => {
  it('reaches for a socket in shared/http only', () => {
    const { summary } = lintSockets(root, deployed);
    expect(summary.errors).toBe(0);
    expect(summary.unchanged).toBe(sources.length);
    const silenced = sources.filter((path) => /biome-ignore.*noRestricted/.test(readFileSync(path, 'utf8')));
    expect(silenced).toEqual([]);
  });

  it('has few files at the door', () => {
    const reaching = /from '(undici|node:(net|tls|https?|http2|dgram|dns)(\/\w+)?)'/;
    const atTheDoor = sources.filter((path) => reaching.test(readFileSync(path, 'utf8')));
    const names = ['dispatcher.ts', 'host-rules.ts', 'open-stream.ts', 'public-dispatcher.ts', 'request.ts'];
    expect(atTheDoor.map((path) => relative(root, path)).toSorted()).toEqual(
      names.map((name) => `shared/http/${name}`),
    );
  });

  const planted = [
    `import { request } from 'undici';`,
    `import undici from 'undici/index.js';`,
    `import { connect } from 'node:net';`,
    `import { request } from 'node:http';`,
    `import { request } from 'node:https';`,
    `import { connect } from 'node:http2';`,
    `import { connect } from 'node:tls';`,
    `import { createSocket } from 'node:dgram';`,
    `import { lookup } from 'node:dns';`,
    `import { lookup } from 'node:dns/promises';`,
    `import { spawn } from 'node:child_process';`,
    `import { createRequire } from 'node:module';`,
    `import type { Socket } from 'node:net';`,
    `export { request } from 'node:https';`,
    `export const net = await import('node:net');`,
    `export const net = require('node:net');`,
    `export const answer = await fetch('https://files.example');`,
    `export const answer = await globalThis.fetch('https://files.example');`,
    `export const socket = new WebSocket('wss://files.example');`,
    `export const source = new EventSource('https://files.example');`,
  ];
  const tree = mkdtempSync(join(tmpdir(), 'earshot-planted-'));
  afterAll(() => rmSync(tree, { recursive: true, force: true }));

  it('is seen when it reaches for one anywhere else', () => {
    const elsewhere = ['shared/ingest', 'shared/providers/one', 'functions/one'];
    for (const path of ['biome.json', 'package.json', '.gitignore']) cpSync(join(root, path), join(tree, path));
    for (const folder of [...elsewhere, 'shared/http']) {
      mkdirSync(join(tree, folder), { recursive: true });
      for (const [i, text] of planted.entries()) writeFileSync(join(tree, folder, `planted-${i}.ts`), `${text}\n`);
    }
    const { summary, found } = lintSockets(tree, deployed);
    const expected = elsewhere.flatMap((folder) => planted.map((_text, i) => `${folder}/planted-${i}.ts`));
    expect(found.toSorted()).toEqual(expected.toSorted());
    expect(summary.unchanged).toBe(planted.length * (elsewhere.length + 1));
  });
});

describe('while it runs', () => {
  const clock = virtualClock();
  const watch = watchSockets();
  const opened: string[] = [];
  let store: TestStore;
  let provider: Loopback;
  let asked: string[] = [];

  beforeAll(async () => {
    for (const dispatcher of [getGlobalDispatcher(), publicDispatcher]) {
      dispatcher.on('connect', ({ hostname, port }: URL) => opened.push(`${hostname} ${port}`));
    }
    store = await testStore();
    provider = await loopback((request, response) => {
      asked.push(request.url ?? '');
      response.setHeader('content-type', 'application/json');
      if (request.url === '/moved') response.writeHead(302, { location: '/bytes' });
      response.end(request.url === '/token' ? '{"access_token":"t","expires_in":3600}' : '{}');
    });
  });
  beforeEach(() => {
    watch.sockets.splice(0);
    opened.splice(0);
    asked = [];
  });
  afterAll(async () => {
    watch.stop();
    await Promise.all([store.close(), provider.close()]);
  });

  /** Connections that no dispatcher of the door has made. The store has none: it is in this process. */
  const strangers = (): string[] => {
    const known = [...opened];
    return watch.attempts().filter((attempt) => {
      const found = known.indexOf(attempt);
      if (found >= 0) known.splice(found, 1);
      return found < 0;
    });
  };

  const poll = async (connector: Connector): Promise<void> => {
    const credentials = connector.auth.kind === 'token' ? { token: 't' } : { clientId: 'app', clientSecret: 's' };
    const connection = connectionSchema.parse({
      id: `of-${connector.provider}`,
      provider: connector.provider,
      baseUrl: provider.url,
      tokenUrl: `${provider.url}/token`,
      credentials,
    });
    const secrets = { read: async () => JSON.stringify(credentials) };
    const tokens = createTokenCache(clock);
    for (const stream of connector.streams) {
      await pollStream({
        connection,
        connector,
        stream,
        openSession: () => openSession(connection, connector, { store: store.store, secrets, tokens, clock }),
        store: store.store,
        now: clock.now,
        deadline: clock.now() + 600_000,
        slowPutMs: 5_000,
        requestCopies: async () => undefined,
      });
    }
  };

  it.each(connectors)('a poll of $provider opens no socket beside the door', async (connector) => {
    await poll(connector);
    expect(asked.length).toBeGreaterThan(0);
    expect(strangers()).toEqual([]);
  });

  it('a download opens none either, redirects and refusals included', async () => {
    const request = { rules: hostRules({ baseUrl: provider.url, mediaHosts: [] }) };
    const url = new URL(`${provider.url}/moved`);
    const { end } = await receiveAll(
      {
        open: (headers) => openStream({ ...request, url, headers }, clock),
        expected: { kind: 'attachment', contentType: null, bytes: 2 },
      },
      clock,
    );
    expect(end.bytes).toBe(2);
    await expect(openStream({ ...request, url: new URL('https://localhost/') }, clock)).rejects.toThrow('refused');
    expect(asked).toEqual(['/moved', '/bytes']);
    expect(strangers()).toEqual([]);
  });

  it('one that is opened by any other way is seen', async () => {
    const { hostname, port } = new URL(provider.url);
    const socket = connect(Number(port), hostname, () => socket.destroy());
    await once(socket, 'close');
    await once(get(`${provider.url}/got`, { agent: false }), 'response');
    expect(strangers()).toEqual([`${hostname} ${port}`, `${hostname} ${port}`]);
  });
});
