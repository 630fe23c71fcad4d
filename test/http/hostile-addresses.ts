/** Addresses that provider data may hold and that must never be asked, in every spelling that a URL parser knows. */

type Quad = readonly [number, number, number, number];

const quads: readonly Quad[] = [
  [127, 0, 0, 1], // loopback: the Lambda Runtime API
  [127, 255, 255, 254],
  [0, 0, 0, 0],
  [10, 0, 0, 1],
  [172, 16, 0, 1],
  [172, 31, 255, 254],
  [192, 168, 1, 1],
  [169, 254, 169, 254], // instance metadata
  [169, 254, 170, 2], // container credentials
  [169, 254, 100, 1], // X-Ray, DNS of a Lambda's network
  [100, 64, 0, 1],
  [100, 127, 255, 254],
  [192, 0, 0, 1],
  [192, 0, 2, 1],
  [192, 88, 99, 1],
  [198, 18, 0, 1],
  [198, 19, 255, 254],
  [198, 51, 100, 1],
  [203, 0, 113, 1],
  [224, 0, 0, 1],
  [240, 0, 0, 1],
  [255, 255, 255, 255],
];

const asNumber = ([a, b, c, d]: Quad): number => ((a * 256 + b) * 256 + c) * 256 + d;
const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
const groups = ([a, b, c, d]: Quad): string => `${hex(a * 256 + b, 1)}:${hex(c * 256 + d, 1)}`;
const fullWidth = (text: string): string =>
  text.replace(/[0-9.]/g, (character) => String.fromCodePoint((character.codePointAt(0) ?? 0) + 0xfee0));

/** One IPv4 address as hosts of URLs. */
const spellings: readonly ((quad: Quad) => string)[] = [
  (quad) => quad.join('.'),
  (quad) => `${quad.join('.')}.`,
  (quad) => String(asNumber(quad)),
  (quad) => `0x${hex(asNumber(quad), 8).toUpperCase()}`,
  (quad) => `0${asNumber(quad).toString(8)}`,
  (quad) => quad.map((part) => `0${part.toString(8).padStart(3, '0')}`).join('.'),
  (quad) => quad.map((part) => `0x${hex(part, 4)}`).join('.'),
  ([a, b, c, d]) => `${a}.${b}.${c * 256 + d}`,
  ([a, b, c, d]) => `0x${hex(a, 1)}.${(b * 256 + c) * 256 + d}`,
  (quad) => fullWidth(quad.join('.')),
  (quad) => quad.join('。'),
  (quad) => quad.join('.').replace(/[0-9]/g, (digit) => `%3${digit}`),
  (quad) => `[::ffff:${quad.join('.')}]`,
  (quad) => `[::FFFF:${groups(quad)}]`,
  (quad) => `[0:0:0:0:0:0:${groups(quad)}]`,
  (quad) => `[::ffff:0:${groups(quad)}]`,
  (quad) => `[64:ff9b::${groups(quad)}]`,
  (quad) => `[64:ff9b:1::${groups(quad)}]`,
  (quad) => `[2002:${groups(quad)}::1]`,
  (quad) => `[2001:0:${groups(quad)}::1]`,
  (quad) => `www.${quad.join('.')}.nip.io`,
  (quad) => `${quad.join('-')}.sslip.io`,
];

const ipv6 = [
  '::',
  '::1',
  '0:0:0:0:0:0:0:1',
  'fe80::1',
  'febf::1',
  'fec0::1',
  'fc00::1',
  'fd00:ec2::254', // instance metadata over IPv6
  'ff02::1',
  '100::1',
  '2001:db8::1',
  '2001:2::1',
  '2001:10::1',
  '2001:20::1',
  '3fff::1',
  '5f00::1',
  '4000::1',
];

const others = [
  'https://localhost/',
  'https://LOCALHOST/',
  'https://localhost./',
  'https://a.b.localhost/',
  'https://ip6-localhost/',
  'https://metadata.google.internal/computeMetadata/v1/',
  'https://internal-elb.example/',
  'https://one-of-two.example/',
  'https://nothing.example/',
  'https://user:password@203.0.114.1/',
  'https://user@files.example/',
  'https://:password@files.example/',
  'https://files.example@127.0.0.1/',
  'https://files.example%40127.0.0.1/',
  'https://files.example:443@127.0.0.1/',
  'https://files.example\\@127.0.0.1/',
  'https://127.0.0.1\\@files.example/',
  'https:\\\\127.0.0.1\\latest',
  'https:127.0.0.1/',
  'https:///127.0.0.1/',
  'https://127.1/',
  'https://0/',
  'https://0x7f.1/',
  'https://017700000001/',
  'https://①②⑦.⓪.⓪.①/',
  'https://127.0.0.1%23.files.example/',
  'https://127.0.0.1#@files.example/',
  'https://127.0.0.1?@files.example/',
  'https://127.0.0.1:443/',
  'https://127.0.0.1:0443/',
  '\thttps://127.0.0.1/',
  'ht\ntps://127.0.0.1/',
  'https://127.0.\t0.1/',
  'https://[::1%25lo]/',
  'https://[::1]:443/',
  'https://[::ffff:7f00:1]/',
  'https://[0000::1]/',
  'https://files.example./',
  'https://files.example:8443/',
  'https://files.example:22/',
  'https://files.example:80/',
  'https://files.example:0/',
  'http://files.example/',
  'http://files.example:443/',
  'HTTP://files.example/',
  'http://203.0.114.1/',
  'http://169.254.169.254/latest/meta-data/iam/security-credentials/',
  'http://169.254.170.2/v2/credentials/x',
  'http://127.0.0.1:9001/2018-06-01/runtime/invocation/next',
  'http://localhost:9001/2018-06-01/runtime/invocation/next',
  'http://[::1]:9001/',
  'ftp://files.example/a',
  'file:///etc/passwd',
  'file://localhost/etc/passwd',
  'gopher://127.0.0.1:70/_GET',
  'ws://files.example/',
  'wss://files.example/',
  'data:audio/wav;base64,UklGRg==',
  'blob:https://files.example/0',
  'javascript:alert(1)',
  'unix:/var/run/docker.sock',
  'dict://127.0.0.1:11211/stats',
  'jar:http://127.0.0.1!/',
  'about:blank',
  'ssh://files.example',
];

/** Texts, not all of them URLs. None of their hosts was named by an operator. */
export const hostileAddresses: readonly string[] = [
  ...quads.flatMap((quad) => spellings.map((spell) => `https://${spell(quad)}/recording.wav?token=canary`)),
  ...ipv6.map((address) => `https://[${address}]/`),
  ...others,
];

/** A name server in league with the attacker: names that hold an address, and names that stand for one. */
export async function hostileNames(hostname: string): Promise<{ address: string; family: number }[]> {
  const inside = /^(?:www\.)?(\d+)[.-](\d+)[.-](\d+)[.-](\d+)\.(?:nip|sslip)\.io$/.exec(hostname);
  const found = inside ? [inside.slice(1).join('.')] : names.find(([pattern]) => pattern.test(hostname))?.[1];
  if (!found) throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
  return found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
}

const names: readonly (readonly [RegExp, string[]])[] = [
  [/(^|\.)localhost\.?$/, ['127.0.0.1', '::1']],
  [/^ip6-localhost$/, ['::1']],
  [/^metadata\.google\.internal$/, ['169.254.169.254']],
  [/^internal-elb\.example$/, ['10.1.2.3']],
  [/^one-of-two\.example$/, ['203.0.114.1', '127.0.0.1']],
  [/^nothing\.example$/, []],
  [/^files\.example$/, ['10.9.8.7']],
];
