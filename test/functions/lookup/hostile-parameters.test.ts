import { describe, expect, test } from 'vitest';
import { routes } from '#functions/lookup/routes.ts';
import { first, type HostileCall, marker, needed, openWorld, rule, sampleOf } from './hostile-rule.ts';
import { ownOf } from './hostile-world.ts';

/** Every parameter and every part of a path of every address, by values that it does not expect. */

openWorld([ownOf('vonage')]);

const client = 'only-vonage';
const headers = { accept: 'application/vnd.newvoicemedia.v3+json' };

/** What each parameter is given. */
const always = ['', marker, '%ff', `${marker}%00%0d%0aA:b`, marker + 'x'.repeat(10_000)];
/** What they share: some for each, others for the next. */
const byTurns = [
  ...['%ED%A0%80', '%', '-1', '1e400', '9007199254740993', '٣', '[]', '%7B%22a%22%3A1%7D', '__proto__', '%23%2F..%2F'],
  ...['0001-01-01T00:00:00Z', '9999-12-29T23:59:59Z', '%E2%82%AC'.repeat(320), ','.repeat(10_000)],
  encodeURIComponent(`${marker} 日本 𝕏 \u202e`),
];
const unknown = ['unknown', '__proto__', 'n'.repeat(300), '%00', '%ff', '日本', ''];

describe.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', (_, route) => {
  const call: HostileCall = { method: route.method, headers, client, ...(route.method === 'POST' && { body: '{}' }) };
  const names = Object.keys(route.about.query?.shape ?? {});
  const [path = ''] = sampleOf(route).split('?');
  const others = (name: string): string =>
    (needed[route.about.id] ?? '')
      .split('&')
      .filter((pair) => pair !== '' && !pair.startsWith(`${name}=`))
      .map((pair) => `&${pair}`)
      .join('');

  test('no value of a parameter is more than it can take', async () => {
    for (const [i, name] of names.entries()) {
      const some = byTurns.filter((_, j) => (i + j) % 4 === 0);
      for (const value of [...always, ...some]) await rule(`${path}?${name}=${value}${others(name)}`, call);
      await rule(`${path}?${name}=1&${name}=${marker}${others(name)}`, call);
    }
    for (const name of [...unknown, ...names.slice(0, 1).map((one) => `${one}[]`)])
      await rule(`${path}?${name}=${marker}${others(name)}`, call);
    await rule(`${path}?${'a=1&'.repeat(3_000)}`, call);
  });

  test('no part of its path is more than it can be', async () => {
    const parts = [
      '#',
      '/',
      '..',
      '\0',
      '😀',
      'a:b',
      ':',
      'é',
      "a'b\n",
      '\u202e',
      '__proto__',
      marker + 'x'.repeat(10_000),
    ];
    const given = ['%', '%ff', '%ED%A0%80', '%c0%ae', '%2e%2e', ...parts.map(encodeURIComponent)];
    for (const [name] of route.path.matchAll(/\{\w+\}/g)) {
      for (const value of given) {
        const target = route.path.replace(name, () => value).replaceAll(/\{\w+\}/g, first().uuid);
        const { status } = await rule(target, call);
        expect(status, target).toBeGreaterThan(399);
      }
    }
    const twisted = [
      `${path}/`,
      `${path}//`,
      `/${path}`,
      path.toUpperCase(),
      path.replaceAll('/', '%2F'),
      `${path}/x`,
      `${path}%00`,
      `${path};a=b`,
      `${path}/..`,
    ];
    for (const target of twisted) await rule(target, call);
  });

  test('no method is more than 405', async () => {
    const taken: string[] = routes.filter((other) => other.path === route.path).map((other) => other.method);
    const methods = ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'get', '__proto__', 'constructor'];
    for (const method of methods.filter((one) => !taken.includes(one))) {
      const { status, headers: shown } = await rule(path, { ...call, method });
      expect([status, shown['allow']], method).toEqual([405, expect.stringContaining(route.method)]);
    }
    if (route.method === 'GET') expect((await rule(path, { ...call, method: 'HEAD' })).text).toBe('');
  });
});

test('51 ids are one too many, wherever ids are taken by 50', async () => {
  const ids = (count: number) => Array.from({ length: count }, (_, i) => `a${i}`).join(',');
  expect((await rule(`/v1/conversations?ids=${ids(50)}`)).status).toBe(200);
  expect((await rule(`/v1/conversations?ids=${ids(51)}`)).status).toBe(400);
  expect((await rule(`/conversation-analyzer/interactions?calls=${ids(51)}`, { headers })).status).toBe(400);
});
