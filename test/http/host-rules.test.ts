import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HostRefused } from '#shared/domain/errors.ts';
import { hostRules, judge } from '#shared/http/host-rules.ts';

const judged = (url: string, baseUrl: string, ...mediaHosts: string[]): string => {
  try {
    return judge(new URL(url), hostRules({ baseUrl, mediaHosts }));
  } catch (error) {
    if (error instanceof HostRefused) return error.message;
    throw error;
  }
};

const api = 'https://api.vendor.example/v2';

test.each<[url: string, baseUrl: string, ...mediaHosts: string[]]>([
  ['https://api.vendor.example/other?a=b', api],
  ['http://api.vendor.example/', api],
  ['https://API.Vendor.Example/', api],
  ['https://api.vendor.example./', api],
  ['https://api.vendor.example:443/', api],
  ['http://api.vendor.example:80/', api],
  ['http://127.0.0.1:8080/a', 'http://127.0.0.1:8080'],
  ['https://127.0.0.1:8080/a', 'http://127.0.0.1:8080'],
  ['http://2130706433:8080/a', 'http://127.0.0.1:8080'],
  ['http://[::1]:8080/a', 'http://[0:0:0:0:0:0:0:1]:8080'],
  ['http://10.0.0.9/a', api, '10.0.0.9'],
  ['https://10.0.0.9/a', api, '10.0.0.9'],
  ['https://10.0.0.9:8443/a', api, 'else.example', '10.0.0.9:8443'],
  ['https://storage.vendor.example/a', api, 'Storage.Vendor.Example'],
  ['https://storage.vendor.example/a', api, 'storage.vendor.example.'],
  ['https://storage.vendor.example/a', api, 'storage.vendor.example:443'],
  ['http://storage.vendor.example/a', api, 'storage.vendor.example:80'],
  ['https://storage.vendor.example:80/a', api, 'storage.vendor.example:80'],
  ['https://storage.vendor.example:8443/a', api, 'storage.vendor.example:08443'],
])('%s is trusted beside %s %s', (url, baseUrl, ...mediaHosts) => {
  expect(judged(url, baseUrl, ...mediaHosts)).toBe('trusted');
});

test.each<[url: string, answer: string, ...mediaHosts: string[]]>([
  ['https://files.example/a?token=x', 'public'],
  ['https://files.example:443/a', 'public'],
  ['https://203.0.114.7/a', 'public'],
  ['https://[2606:4700:4700::1111]/a', 'public'],
  ['https://sub.api.vendor.example/', 'public'],
  ['https://api.vendor.example.evil.example/', 'public'],
  ['https://storage.vendor.example/a', 'public', 'storage.vendor.example:8443'],
  ['https://storage.vendor.example/a', 'public', 'storage.vendor.example:80'],
  ['http://files.example/secret', 'files.example: refused, not https'],
  ['http://storage.vendor.example/a', 'storage.vendor.example: refused, not https', 'storage.vendor.example:443'],
  ['https://files.example:8443/secret', 'files.example: refused, another port than 443'],
  ['https://api.vendor.example:8443/', 'api.vendor.example: refused, another port than 443'],
  ['https://api.vendor.example:80/', 'api.vendor.example: refused, another port than 443'],
  ['https://files.example./secret', 'files.example.: refused, a name with a dot behind it'],
  ['https://10.0.0.1/secret', '10.0.0.1: refused, no public address'],
  ['https://[::1]/secret', '[::1]: refused, no public address'],
  ['https://secret@files.example/', 'files.example: refused, a user name in the address'],
  ['https://:secret@api.vendor.example/', 'api.vendor.example: refused, a user name in the address'],
  ['ftp://api.vendor.example/secret', 'an address that is neither http nor https'],
  ['secret:api.vendor.example', 'an address that is neither http nor https'],
])('%s is answered with %s', (url, answer, ...mediaHosts) => {
  expect(judged(url, api, ...mediaHosts)).toBe(answer);
});

test('an entry that is no host trusts nobody', () => {
  for (const entry of ['', '.', '..', ':443', '256.1.1.1', 'a b', '-:0', 'x:99999']) {
    const { trusted } = hostRules({ baseUrl: api, mediaHosts: [entry] });
    expect(judged('https://10.0.0.1/', api, entry)).toContain('refused');
    expect([...trusted].every((name) => !name.startsWith(':'))).toBe(true);
  }
});

test('whatever the address, it is trusted by name, or https at port 443 without a user, or refused by host alone', () => {
  const rules = hostRules({ baseUrl: api, mediaHosts: ['media.example:8443'] });
  void fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (text) => {
      const url = new URL(text);
      try {
        if (judge(url, rules) === 'public') expect([url.protocol, url.port, url.username]).toEqual(['https:', '', '']);
      } catch (error) {
        expect(error).toBeInstanceOf(HostRefused);
        expect(String(error).replace(url.hostname, 'HOST')).toMatch(/^HostRefused: HOST: refused, [a-z 0-9]+$/);
      }
    }),
  );
});
