import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredRecord } from '#shared/domain/conversation.ts';
import { writeConversation } from '#shared/providers/salesloft/write.ts';
import { dialectId, lookup, owners, setUpSharedFields, tokens, world } from './shared-fields-world.ts';

setUpSharedFields();

/** Every filter, order and page of `GET /v2/conversations` against the same over the written rows in memory. */

type Row = ReturnType<typeof writeConversation>;
type Query = readonly (readonly [string, string])[];

const rowOf = (record: StoredRecord): Row => {
  const { conversation } = record;
  const recordingType = conversation.media[0]?.contentType ?? null;
  const id = dialectId('salesloft', record);
  return writeConversation(conversation, { id, base: '', transcriptionId: null, hasArtifact: false, recordingType });
};

/** Microseconds since 1970. */
const us = (stamp: string): number => Date.parse(stamp) * 1_000 + Number(/\.\d{3}(\d{3})/.exec(stamp)?.[1] ?? 0);

const numberOf = (row: Row, field: string): number | null => {
  if (field === 'duration') return row.duration ?? null;
  return us(field === 'created_at' ? row.created_at : row.updated_at);
};

const compares: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  gt: (a, b) => a > b,
  gte: (a, b) => a >= b,
  lt: (a, b) => a < b,
  lte: (a, b) => a <= b,
};

/** Ids that only Salesloft's own conversations have: a stand-in matches no filter. */
const ownValue = (row: Row, field: string): string | null => {
  if (row.platform === 'external_audio' && row.is_api === true && row.account === null) return null;
  if (field === 'account_ids') return row.account?.id ?? null;
  if (field === 'person_ids') return row.person?.id ?? null;
  return field === 'owner_ids' ? row.owner_id : row.user_guid;
};

function passes(row: Row, [name, value]: Query[number]): boolean {
  const [, field = '', operator = ''] = /^(\w+)\[(\w+)\]$/.exec(name) ?? [];
  const compare = compares[operator];
  if (compare) {
    const number = numberOf(row, field);
    return number !== null && compare(number, field === 'duration' ? Number(value) : us(value));
  }
  if (operator === '_starts_with') return row.title.toLowerCase().startsWith(value.toLowerCase());
  if (name === 'ids') return value.split(',').includes(row.id);
  if (name.endsWith('_ids') || name === 'user_guids') return value.split(',').includes(ownValue(row, name) ?? '-');
  const plain: Readonly<Record<string, unknown>> = { ...row, is_api: String(row.is_api) };
  return !Object.hasOwn(plain, name) || plain[name] === value;
}

function expected(rows: readonly Row[], query: Query, uuidOf: (id: string) => string) {
  const given = new Map(query);
  const field = given.get('sort_by') ?? 'created_at';
  const sign = (given.get('sort_direction') ?? 'desc').toLowerCase() === 'asc' ? 1 : -1;
  const order = (row: Row): number => numberOf(row, field) ?? Number.NEGATIVE_INFINITY;
  const found = rows
    .filter((row) => query.every((one) => passes(row, one)))
    .sort((a, b) => sign * (order(a) - order(b) || (uuidOf(a.id) < uuidOf(b.id) ? -1 : 1)));
  const size = Number(given.get('per_page'));
  const perPage = Number.isInteger(size) && size >= 1 && size <= 100 ? size : 25;
  const page = Math.max(1, Number(given.get('page') ?? 1) || 1);
  const pages = Math.ceil(found.length / perPage);
  return {
    ids: found.slice((page - 1) * perPage, page * perPage).map(({ id }) => id),
    paging: {
      ...{ per_page: perPage, current_page: page, next_page: page < pages ? page + 1 : null },
      ...{ prev_page: page > 1 ? page - 1 : null, total_pages: pages, total_count: found.length },
    },
  };
}

/** Made when the world is there. */
function arbitraryQuery(rows: readonly Row[]): fc.Arbitrary<Query> {
  const pair = (name: string, value: fc.Arbitrary<string>) => value.map((text) => [name, text] as const);
  const some = (values: readonly string[]) => fc.subarray([...values], { minLength: 1 }).map(String);
  const operator = fc.constantFrom('gt', 'gte', 'lt', 'lte');
  const bound = (field: string, value: fc.Arbitrary<string>) =>
    fc.tuple(operator, value).map(([name, text]) => [`${field}[${name}]`, text] as const);
  const stamps = fc.constantFrom(...rows.flatMap((row) => [row.created_at, row.updated_at]));
  const filter = fc.oneof(
    { weight: 3, arbitrary: bound('created_at', stamps) },
    { weight: 3, arbitrary: bound('updated_at', stamps) },
    bound('duration', fc.constantFrom('0', '60000', '60001', '125000')),
    pair('title', fc.constantFrom('Beta', 'alpha two', 'beta')),
    pair('title[_starts_with]', fc.constantFrom('alp', 'ALPHA', 'bet')),
    pair('language_code', fc.constantFrom('en-GB', 'de-DE', 'fr-FR')),
    pair('platform', fc.constantFrom('zoom', 'external_audio', 'webex')),
    pair('is_api', fc.constantFrom('true', 'false')),
    pair('media_type', fc.constantFrom('audio', 'video')),
    pair('ids', some(rows.map(({ id }) => id))),
    pair('owner_ids', some(owners)),
    pair('user_guids', some(owners)),
    pair('account_ids', some(['1', '2', '3'])),
    pair('person_ids', some(['7', '8'])),
    pair('mood', fc.constant('sunny')),
  );
  const form = fc.record(
    {
      sort_by: fc.constantFrom('created_at', 'updated_at', 'duration'),
      sort_direction: fc.constantFrom('asc', 'desc', 'ASC', 'DESC'),
      per_page: fc.constantFrom('1', '3', '7', '100', '0', '101', 'many'),
      page: fc.constantFrom('1', '2', '3', '99', '0', '-1', 'x'),
    },
    { requiredKeys: [] },
  );
  return fc
    .tuple(fc.array(filter, { maxLength: 3 }), form)
    .map(([filters, rest]) => [...new Map([...filters, ...Object.entries(rest)])]);
}

/** Sends a query and compares the answer with what the rows say. */
async function compare(rows: readonly Row[], uuids: ReadonlyMap<string, string>, query: Query): Promise<void> {
  const text = String(new URLSearchParams(query.map(([name, value]): [string, string] => [name, value])));
  const answer = await lookup.get(`/v2/conversations?${text}&include_paging_counts=true`, tokens['all']);
  expect([query, answer.status]).toEqual([query, 200]);
  const { data, metadata } = JSON.parse(answer.text);
  const { ids, paging } = expected(rows, query, (id) => uuids.get(id) ?? '');
  expect([query, data.map(({ id }: { id: string }) => id)]).toEqual([query, ids]);
  expect(metadata.paging).toEqual(paging);
}

const prepared = () => {
  const rows = world.map(rowOf);
  return [rows, new Map(world.map((record, i) => [rows[i]?.id ?? '', record.conversation.uuid]))] as const;
};

describe('the list of conversations', () => {
  it('agrees with the written rows about each filter alone, at its edges', async () => {
    const [rows, uuids] = prepared();
    const foreign = rows.find(({ platform, duration }) => platform === 'external_audio' && duration !== undefined);
    const own = rows.find(({ account }) => account !== null);
    const stamps = [foreign, own].flatMap((row) => (row ? [row.created_at, row.updated_at] : []));
    const ranged = Object.keys(compares).flatMap((operator): [string, string][] => [
      [`duration[${operator}]`, '60000'],
      ...stamps.flatMap((stamp): [string, string][] => [
        [`created_at[${operator}]`, stamp],
        [`updated_at[${operator}]`, stamp],
      ]),
    ]);
    const plain = new URLSearchParams(
      'title=Beta&title=beta&title[_starts_with]=ALP&language_code=de-DE&platform=zoom&platform=external_audio' +
        '&is_api=true&is_api=false&media_type=video&account_ids=1,3&person_ids=7' +
        `&owner_ids=${owners[0]}&user_guids=${owners[1]}&ids=${own?.id},${foreign?.id}`,
    );
    for (const filter of [...ranged, ...plain]) await compare(rows, uuids, [filter, ['per_page', '100']]);
  });

  it('agrees with the written rows about filters together, orders and pages', async () => {
    const [rows, uuids] = prepared();
    await fc.assert(
      fc.asyncProperty(arbitraryQuery(rows), (query) => compare(rows, uuids, query)),
      { numRuns: 30 },
    );
  });

  it('pages through all of them, each once', async () => {
    const seen: string[] = [];
    for (let page: number | null = 1; page !== null; ) {
      const answer = await lookup.get(`/v2/conversations?per_page=7&page=${page}&sort_by=updated_at`, tokens['all']);
      expect([answer.status, answer.text.slice(0, 200)]).toEqual([200, expect.anything()]);
      const { data, metadata } = JSON.parse(answer.text);
      seen.push(...data.map(({ id }: { id: string }) => id));
      page = metadata.paging.next_page;
    }
    expect(seen.toSorted()).toEqual(world.map((record) => rowOf(record).id).toSorted());
  });
});
