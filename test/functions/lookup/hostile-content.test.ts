import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ask, clock, first, opened, openWorld, tokenOf } from './hostile-rule.ts';
import { type Asked, listTargets, namedTargets } from './hostile-targets.ts';
import { canary, fileOf, ownOf, recordsOf } from './hostile-world.ts';
import { lookupOver } from './lookup-harness.ts';

/** What a scope guards shows nowhere without it, and what a log line holds is nobody's fact. */

vi.hoisted(() => vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'INFO'));

const connections = [ownOf('vonage'), ownOf('salesloft')];
openWorld(connections);

const written: string[] = [];
beforeAll(() => {
  for (const output of [process.stdout, process.stderr]) {
    vi.spyOn(output, 'write').mockImplementation((text) => {
      written.push(String(text));
      return true;
    });
  }
});
afterAll(() => {
  vi.restoreAllMocks();
});

const [whole, bare] = recordsOf(ownOf('vonage'));
const [other] = recordsOf(ownOf('salesloft'));
const asked: readonly Asked[] = [
  ...[whole, other].flatMap((record) => (record ? namedTargets(record.conversation) : [])),
  // Those of the files that are made of the record.
  ...(bare ? namedTargets(bare.conversation) : []).filter(({ target }) => target.includes('/content/')),
  ...listTargets({ connection: ownOf('vonage'), owner: '', agent: 'agent-own' }),
];

const { said, summary, bytes, fact } = canary;
/** The words that each client sees somewhere, and those that it sees nowhere. */
const clients = [
  ['all', [said, summary, bytes, fact], []],
  ['reader', [fact], [said, summary, bytes]],
  ['public', [said, summary, fact], [bytes]],
  ['recordings', [bytes], [said, summary]],
] as const;

test.each(clients)('%s sees what its scope is for and nothing else', async (client, shown, hidden) => {
  const found = new Set<string>();
  for (const { target, ...call } of asked) {
    const answer = await ask(target, { ...call, client });
    const isPacked = answer.headers['content-type'] === 'application/vcon+gzip';
    const body = isPacked && answer.bytes.length > 0 ? gunzipSync(answer.bytes).toString('utf8') : answer.text;
    const text = body + JSON.stringify(answer.headers);
    for (const word of hidden) expect(text, `${call.method ?? 'GET'} ${target}`).not.toContain(word);
    for (const word of shown) if (text.includes(word)) found.add(word);
  }
  expect([...found].toSorted()).toEqual([...shown].toSorted());
});

test.each([null, 'operator'])('%s sees nothing at all', async (client) => {
  for (const { target, ...call } of asked.slice(0, 40)) {
    const { status, text } = await ask(target, { ...call, client });
    expect([401, 403], target).toContain(status);
    for (const word of Object.values(canary)) expect(text, target).not.toContain(word);
  }
});

test('a log line names neither who spoke nor who asked nor what was asked', async () => {
  const broken = lookupOver({ ...opened.store, table: 'gone' }, clock, fileOf(connections));
  const token = await tokenOf('all');
  const { id, uuid } = first();
  const secrets = ['+441632960111', 'ada@own.example', 'CANARYFACT', id, uuid];
  const before = written.length;
  for (const secret of secrets) {
    const name = encodeURIComponent(secret);
    const targets = [
      `/v1/conversations/${name}`,
      `/v1/conversations?participant=${name}`,
      `/v1/conversations?ids=${name}`,
    ];
    for (const target of [...targets, `/get-call?call_id=${name}`, `/v2/conversations?title=${name}`]) {
      const { status, text } = await broken.get(target, token);
      expect(status, target).toBe(500);
      expect(text, target).not.toContain(secret);
    }
  }
  expect(written.length).toBeGreaterThanOrEqual(before + secrets.length);
  const all = written.join('');
  for (const word of [...secrets, ...Object.values(canary), 'Ada', token, token.slice(-40)])
    expect(all).not.toContain(word);
});
