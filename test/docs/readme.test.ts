import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConnections } from '#infra/connections.ts';
import { readArguments } from '#infra/local/arguments.ts';
import { connectionSchema } from '#shared/domain/connections.ts';
import { earshotEventSchema } from '#shared/domain/events.ts';
import { parseConnections } from '#shared/domain/read-connections.ts';
import { eventTypes } from '#shared/facts/events.ts';

const root = resolve(import.meta.dirname, '../..');
const text = (path: string): string => readFileSync(join(root, path), 'utf8');

const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

/** The first group of every match. */
const all = (source: string, pattern: RegExp): string[] => [...source.matchAll(pattern)].map(([, found = '']) => found);
const withoutBlocks = (page: string): string => text(page).replaceAll(/^```[\s\S]*?^```$/gm, '');

/** As GitHub makes a heading's anchor. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s-]/gu, '')
    .replaceAll(' ', '-');

describe.each(pages)('%s', (page) => {
  it('leads nowhere that is not there', () => {
    const links = all(withoutBlocks(page), /\]\(([^)\s]+)\)/g).filter((link) => !/^[a-z]+:/.test(link));
    const broken = links.filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? join(root, page) : resolve(root, dirname(page), path);
      if (!existsSync(target)) return true;
      if (anchor === undefined || statSync(target).isDirectory()) return false;
      return !all(readFileSync(target, 'utf8'), /^#+ (.+)$/gm)
        .map(anchorOf)
        .includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('names only commands of package.json', () => {
    const { scripts } = JSON.parse(text('package.json'));
    const named = all(text(page), /\bnpm (?:run )?((?<=run )[\w-]+|start|test)\b/g);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('names only files of the tree', () => {
    const named = all(withoutBlocks(page), /`((?:functions|infra|shared|test|docs|\.ci)\/[\w./-]+)`/g);
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

it('every page is reached', () => {
  const linked = pages.flatMap((page) =>
    all(withoutBlocks(page), /\]\(([^)\s#]+)/g).map((link) => relative(root, resolve(root, dirname(page), link))),
  );
  // A folder's page is shown where the folder is linked.
  const reached = (page: string): boolean => linked.includes(page) || linked.includes(dirname(page));
  expect(pages.filter((page) => page !== 'README.md' && !reached(page))).toEqual([]);
});

describe('ARCHITECTURE.md', () => {
  it('names each top folder of the code, and each function', () => {
    const page = text('ARCHITECTURE.md');
    for (const parent of ['shared', 'functions'])
      for (const folder of readdirSync(join(root, parent))) expect(page).toContain(`\`${parent}/${folder}\``);
  });
});

const jsonBlocks = (page: string): unknown[] =>
  all(text(page), /^```json\n([\s\S]*?)^```$/gm).map((block) => JSON.parse(block));

describe('the examples', () => {
  const [ownProviders, event] = jsonBlocks('README.md');

  it('of README.md start on one machine', () => {
    expect(parseConnections(ownProviders, { oneMachine: true }).connections).toHaveLength(2);
  });

  it('of docs/connections.md and infra can be deployed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'earshot-docs-'));
    try {
      const [deployed] = jsonBlocks('docs/connections.md');
      for (const file of [deployed, JSON.parse(text('infra/connections.example.json'))]) {
        const path = join(folder, 'connections.json');
        writeFileSync(path, JSON.stringify(file));
        expect(readConnections(path, { oneMachine: false }).connections).toHaveLength(2);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('of an event is one', () => {
    expect(earshotEventSchema.safeParse(event).error).toBeUndefined();
  });
});

describe('README.md', () => {
  it('names each key of a connection, each event and no others', () => {
    const readme = text('README.md');
    for (const key of Object.keys(connectionSchema.shape)) expect(readme, key).toContain(`\`${key}\``);
    const section = readme.slice(readme.indexOf('## Events'), readme.indexOf('## Deploy'));
    const types = all(section, /^\| `([a-z]+\.[a-z]+)` +\|/gm).map((name) => `earshot.${name}.v1`);
    expect(types.toSorted()).toEqual(Object.values(eventTypes).toSorted());
  });

  it('starts Earshot with options that there are', () => {
    const commands = all(text('README.md'), /npm start -- ([^`\n]+)/g);
    expect(commands.length).toBeGreaterThan(3);
    for (const command of commands) expect(() => readArguments(command.split(' '), {}), command).not.toThrow();
  });
});
