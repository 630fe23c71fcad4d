import { describe, expect, test } from 'vitest';
import { keyIdOf } from '#functions/lookup/access/access-token.ts';
import { fileCode } from '#functions/lookup/dialects/file-code.ts';
import { routes } from '#functions/lookup/routes.ts';
import { ask, first, marker, openWorld, rule, sampleOf, second, tokenOf } from './hostile-rule.ts';
import { ownOf } from './hostile-world.ts';

/** Requests whose body, headers or access are not what an address expects. */

openWorld([ownOf('vonage')]);

const json = { 'content-type': 'application/json' };
const version = { accept: 'application/vnd.newvoicemedia.v3+json' };
const long = 'x'.repeat(10_000);

/** Sees little, so that a list costs little. */
const client = 'only-vonage';

describe('bodies', () => {
  const deep = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
  const broken =
    '| |"|{|{]|[]|null|1e400|true|\0|\ufeff{}|{"a":NaN}|&&==&|%ff=%zz|<!DOCTYPE a [<!ENTITY b SYSTEM "file:///a">]><a>&b;</a>';
  const large = `{"call_id":"${marker}${'x'.repeat(1_100_000)}"}`;
  const bodies = [...broken.split('|'), marker, deep, '['.repeat(10_000), large, `grant_type=${large}`];
  const types = ['', 'text/plain', 'multipart/form-data; boundary=x', 'application/json; charset=utf-16', long];
  const posted = routes.filter(({ method }) => method === 'POST');

  test.each(posted.map((route) => [route.path, route] as const))('%s: none that is not one', async (_, route) => {
    for (const body of bodies) await rule(sampleOf(route), { method: 'POST', body, client });
    for (const type of types) {
      await rule(sampleOf(route), { method: 'POST', body: `{"a":"${marker}"}`, headers: { 'content-type': type } });
    }
    await rule(sampleOf(route), { method: 'POST', body: `{"call_id":"${marker}"}`, base64: true, headers: json });
    await rule(sampleOf(route), { method: 'POST' });
  });

  const odd = JSON.parse(
    '[null, true, 0, -1, 1.5, 9007199254740992, 1e308, "", " ", "\\u0000", "\\ud800", "😀#/..", []]',
  );
  const values = [...odd, marker, long, [marker], { a: marker }];
  const filters = ['direction', 'status', 'agent_id', 'from_date', 'to_date', 'phone_number', 'other'] as const;
  test.each([
    ['/get-call', ['call_id']],
    ['/get-signed-recording-url', ['call_id', 'expires_in']],
    ['/list-calls', ['limit', 'offset', ...filters]],
  ] as const)('%s: each field of each kind', async (target, names) => {
    for (const name of names) {
      for (const value of values) {
        const own = name === 'expires_in' ? { call_id: first().uuid } : {};
        const body = JSON.stringify({ ...own, [name]: value });
        await rule(target, { method: 'POST', headers: json, body, client });
      }
    }
    const twice = '{"__proto__":{"call_id":"a"},"constructor":1,"call_id":"a","call_id":["b"]}';
    expect((await rule(target, { method: 'POST', body: twice })).status).toBeLessThan(500);
  });

  test('a text without an end costs no more than its length', async () => {
    const started = performance.now();
    const body = `{"call_id":"${'\\"'.repeat(32_000)}`;
    expect((await rule('/get-call', { method: 'POST', body })).status).toBe(400);
    // A thousand times what it takes; it took five seconds where each quote was tried as a beginning.
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('the token endpoint', () => {
  const good = { grant_type: 'client_credentials', client_id: 'all', client_secret: 's' };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const values = [..."| |\ud800|😀|null|__proto__|constructor|../all|all' --".split('|'), `${marker}\0`, long];
  const post = (target: string, body: string, headers: Record<string, string> = form): ReturnType<typeof rule> =>
    rule(target, { method: 'POST', body, headers, client: null });

  test.each(['/oauth/token', '/Auth/connect/token'])('%s: none for what is no client', async (target) => {
    expect((await post(target, String(new URLSearchParams(good)))).status).toBe(200);
    for (const name of [...Object.keys(good), 'scope']) {
      for (const value of values) {
        const answer = await post(target, String(new URLSearchParams({ ...good, [name]: value })));
        if (name !== 'scope' || value !== '')
          expect(answer.status, `${name} ${value.slice(0, 20)}`).toBeGreaterThan(399);
      }
      expect((await post(target, `${new URLSearchParams(good)}&${name}=${marker}&${name}=b`)).status).toBe(400);
    }
    const basics = [
      'Basic',
      'Basic ',
      'Basic !',
      'Basic YWxs',
      'Basic Og==',
      'Basic /////w==',
      `Basic ${long}`,
      'Bearer a',
      'Basic YWxsOnM=, Basic YWxsOnM=',
    ];
    for (const authorization of [...basics, `Basic ${btoa(`all:${marker}`)}`, `Digest ${marker}`]) {
      const answer = await post(target, 'grant_type=client_credentials', { ...form, authorization });
      expect([answer.status, answer.headers['www-authenticate']], authorization).toEqual([
        401,
        'Basic realm="earshot"',
      ]);
    }
  });
});

describe('access', () => {
  const guarded = routes.filter((route) => 'needs' in route || route.about.id === 'getMedia');

  /** A token with another header, signed by nobody. */
  const forged = (token: string, header: object): string =>
    [Buffer.from(JSON.stringify(header)).toString('base64url'), ...token.split('.').slice(1)].join('.');

  test('no address answers to a header that is no token of a client', async () => {
    const token = await tokenOf('all');
    const kid = keyIdOf(token) ?? '';
    const [head = '', payload = '', mac = ''] = token.split('.');
    const said = { sub: 'all', scope: 'interaction-content:read', exp: 9e9, iat: 1, iss: 'earshot' };
    const claims = Buffer.from(JSON.stringify(said)).toString('base64url');
    const own = { alg: 'HS256', kid };
    const others = [
      { alg: 'none', kid },
      { alg: 'HS512', kid },
      { ...own, crit: ['b64'], b64: false },
      [],
      { ...own, kid: 7 },
    ];
    const bent = [`${head}.${payload}.`, `${head}.${claims}.${mac}`, `${token}x`, token.slice(0, -1)];
    const tokens = [
      ...bent,
      marker,
      long,
      ...'a.b.c|..|null|\0|é'.split('|'),
      ...others.map((one) => forged(token, one)),
    ];
    const schemes = [
      `Bearer ${token}, Bearer ${token}`,
      `Bearer ${token} Basic x`,
      `Bearer${token}`,
      `Bearer\t${token}`,
    ];
    const bare = ['', 'Bearer', 'Bearer ', `Basic ${btoa('all:s')}`, token];
    const headers = [...tokens.map((text) => `Bearer ${text}`), ...schemes, ...bare];
    for (const [i, route] of guarded.entries()) {
      // Each header at some address and each address with some: the check is one for all of them.
      for (const authorization of headers.filter((_, j) => i === 0 || j % guarded.length === i || j === 0)) {
        const answer = await rule(sampleOf(route), { method: route.method, headers: { ...version, authorization } });
        const shown = [answer.status, answer.headers['www-authenticate']];
        const about = `${route.path} ${authorization.slice(0, 60)}`;
        expect(shown, about).toEqual([401, expect.stringMatching(/^Bearer realm="earshot"/)]);
      }
      for (const [who, status] of [
        [null, 401],
        ['needs' in route && route.needs === 'operations' ? 'reader' : 'operator', 403],
      ] as const) {
        const answer = await rule(sampleOf(route), { method: route.method, client: who, headers: version });
        expect(answer.status, route.path).toBe(status);
      }
    }
    expect((await rule('/v1/connections', { headers: { authorization: `bearer  ${token} ` } })).status).toBe(200);
  });
});

describe('what else a header says', () => {
  const accepts = [
    ',',
    'image/png',
    '*/*;q=0',
    'application/vnd.newvoicemedia.v99999999999+json',
    marker + 'a/b,'.repeat(2_500),
  ];

  test('Accept of nothing that there is', async () => {
    for (const route of routes.filter(({ method }) => method === 'GET')) {
      for (const accept of accepts) {
        const { status } = await rule(sampleOf(route), { headers: { accept }, client });
        if (/\/(transcript|vcon)$/.test(route.path) && accept === 'image/png') expect(status).toBe(406);
        if (/^\/(conversation-analyzer|interaction-content)/.test(route.path)) expect(status).toBe(400);
      }
    }
  });
});

describe('ranges', () => {
  const nines = '9'.repeat(10_000);
  const malformed =
    '|bytes|bytes=|bytes=-|bytes=,|bytes=a-b|bytes=5-2|bytes=-0|bytes=--1|bytes=+1-2|bytes=0x0-1|bytes=1e0-|items=0-1';
  const odd =
    'bytes=0-1;a|bytes=٠-١|bytes=0 - 1| bytes = 0-1|bytes=0-0,2-3|bytes=0-0,,|bytes=1-1|BYTES=2-|bytes=-3|bytes=00-01';
  const far = [
    'bytes=9007199254740993-',
    'bytes=0-9007199254740993',
    `bytes=${nines}-`,
    `bytes=0-${nines}`,
    `bytes=-${nines}`,
  ];
  const ranges = [...malformed.split('|'), ...odd.split('|'), ...far, `bytes=${'0-,'.repeat(3_000)}`, '\0', marker];
  const conditions = [
    '"',
    'W/"x',
    '*',
    ',',
    `"${marker}"`,
    `"${nines}`,
    '"a",'.repeat(2_000),
    'Mon, 02 Nov 2026 09:00:00 GMT',
  ];

  const byteRoutes = (): string[] => {
    const { uuid } = first();
    const made = second().uuid;
    return [
      `/v1/conversations/${uuid}/media/callRecording`,
      `/interaction-content/interactions/${uuid}/content/callRecording`,
      `/interaction-content/interactions/${made}/content/interactionLog`,
      `/interaction-content/interactions/${made}/content/transcript`,
      `/recordings/${fileCode({ uuid, key: 'callRecording' })}/media`,
    ];
  };

  test('are answered by the whole file, by just what they name, or by 416', async () => {
    for (const [i, path] of byteRoutes().entries()) {
      const headers = path.startsWith('/interaction-content') ? version : {};
      const whole = await ask(path, { headers });
      expect(whole.status, path).toBe(200);
      const size = whole.bytes.length;
      // Each at two of the addresses.
      for (const range of ranges.filter((_, j) => [0, 2].includes((i + j) % byteRoutes().length))) {
        const answer = await rule(path, { headers: { ...headers, range } });
        const named = answer.headers['content-range'];
        expect([200, 206, 416], range).toContain(answer.status);
        if (answer.status === 200) expect([answer.bytes, named]).toEqual([whole.bytes, undefined]);
        if (answer.status === 416) expect(named).toBe(`bytes */${size}`);
        if (answer.status !== 206) continue;
        const [, from, to, of] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(named ?? '') ?? [];
        expect([answer.bytes, Number(of)], range).toEqual([whole.bytes.subarray(Number(from), Number(to) + 1), size]);
      }
      for (const condition of conditions.filter((_, j) => j % byteRoutes().length === i)) {
        for (const name of ['if-match', 'if-none-match', 'if-range']) {
          const { status } = await rule(path, { headers: { ...headers, [name]: condition, range: 'bytes=0-0' } });
          expect([200, 206, 304, 412], `${name} ${condition.slice(0, 20)}`).toContain(status);
        }
      }
    }
  });
});
