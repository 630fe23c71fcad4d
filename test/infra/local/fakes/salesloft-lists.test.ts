import { describe, expect, it } from 'vitest';
import { answerSalesloft } from '#infra/local/fakes/salesloft/answer.ts';
import { inventSalesloftWorld } from '#infra/local/fakes/salesloft/invent.ts';
import { salesloftDefaults } from '#infra/local/fakes/salesloft/settings.ts';
import type { SalesloftRecord } from '#infra/local/fakes/salesloft/world.ts';
import { formatStamp } from '#infra/local/fakes/stamp.ts';
import { getRequest, read } from './asking.ts';

const from = Date.parse('2026-03-01T00:00:00Z');
const to = Date.parse('2026-03-03T00:00:00Z');
const later = to + 3_600_000;
const world = inventSalesloftWorld('lists', from, to, 60);
const sample = world.conversations[7] as SalesloftRecord;

const list = (query: Record<string, string> | string = '', path = '/v2/conversations') =>
  read(answerSalesloft(world, getRequest(path, query, salesloftDefaults.apiKey), later));
const ids = (query: Record<string, string> | string): string[] =>
  list(query).body.data.map((row: { id: string }) => row.id);
const idsWhere = (test: (record: SalesloftRecord) => boolean): string[] =>
  world.conversations
    .filter(test)
    .map(({ id }) => id)
    .sort();
const all = (query: Record<string, string>) => ids({ per_page: '100', ...query }).sort();

describe('paging', () => {
  it('gives 25 rows of the newest creation by default', () => {
    const { body } = list();
    expect(body.data).toHaveLength(25);
    expect(body.metadata.paging).toEqual({ per_page: 25, current_page: 1, next_page: 2, prev_page: null });
    expect(body.metadata.sorting).toEqual({ sort_by: 'created_at', sort_direction: 'DESC NULLS LAST' });
    const stamps = body.data.map((row: { created_at: string }) => Date.parse(row.created_at));
    expect(stamps).toEqual([...stamps].sort((a, b) => b - a));
  });

  it.each(['1000', '0', '-1', 'abc', '101', '2.5', ''])('quietly takes per_page=%s for 25', (perPage) => {
    expect(list({ per_page: perPage }).body.metadata.paging.per_page).toBe(25);
  });

  it.each(['0', '-3', 'abc', '1.5'])('quietly takes page=%s for 1', (page) => {
    expect(list({ page }).body.metadata.paging.current_page).toBe(1);
  });

  it('shows every row once over all pages, in both directions', () => {
    for (const sort_direction of ['asc', 'DESC']) {
      const pages = ['1', '2', '3', '4'].map((page) => ids({ page, per_page: '17', sort_direction }));
      expect(pages.map((page) => page.length)).toEqual([17, 17, 17, 9]);
      expect(new Set(pages.flat()).size).toBe(60);
    }
    expect(list({ page: '4', per_page: '17' }).body.metadata.paging).toMatchObject({ next_page: null, prev_page: 3 });
  });

  it('gives an empty list past the end', () => {
    expect(list({ page: '99' })).toMatchObject({
      status: 200,
      body: { data: [], metadata: { paging: { next_page: null } } },
    });
  });

  it('counts only when asked', () => {
    expect(list({ include_paging_counts: 'true' }).body.metadata.paging).toMatchObject({
      total_pages: 3,
      total_count: 60,
    });
    expect(list().body.metadata.paging).not.toHaveProperty('total_count');
  });
});

describe('filters', () => {
  it.each(['created_at', 'updated_at'] as const)('compares %s to the microsecond', (field) => {
    const at: string = list({ ids: sample.id }).body.data[0][field];
    const has = (operator: string, stamp: string): boolean =>
      all({ [`${field}[${operator}]`]: stamp }).includes(sample.id);
    expect([has('gt', at), has('gte', at), has('lt', at), has('lte', at)]).toEqual([false, true, false, true]);
    const us = field === 'created_at' ? sample.createdAtUs : (sample.updatesUs.at(-1) ?? sample.createdAtUs);
    expect(has('gt', formatStamp(us - 1))).toBe(true);
    expect(has('lt', formatStamp(us + 1))).toBe(true);
    expect(has('gte', formatStamp(us + 1, 120))).toBe(false);
  });

  it('filters by one field while sorting by another', () => {
    const bound = sample.createdAtUs;
    const found = all({ 'created_at[gte]': formatStamp(bound), sort_by: 'duration', sort_direction: 'asc' });
    expect(found).toEqual(idsWhere((record) => record.createdAtUs >= bound));
  });

  it('filters by duration in milliseconds', () => {
    const found = all({ 'duration[gt]': '60000', 'duration[lte]': String(sample.durationMs) });
    expect(found).toEqual(idsWhere(({ durationMs }) => durationMs > 60_000 && durationMs <= sample.durationMs));
  });

  it.each([
    ['language_code', sample.languageCode, (record: SalesloftRecord) => record.languageCode === sample.languageCode],
    ['platform', sample.platform, (record: SalesloftRecord) => record.platform === sample.platform],
    ['media_type', 'audio', (record: SalesloftRecord) => record.mediaType === 'audio'],
    ['is_api', 'false', (record: SalesloftRecord) => !record.isApi],
    ['owner_ids', sample.ownerId, (record: SalesloftRecord) => record.ownerId === sample.ownerId],
    ['user_guids', sample.userGuid, (record: SalesloftRecord) => record.userGuid === sample.userGuid],
    ['account_ids', sample.accountId ?? '', (record: SalesloftRecord) => record.accountId === sample.accountId],
    ['title', sample.title, (record: SalesloftRecord) => record.title === sample.title],
    ['title[_starts_with]', 'ROLLout', (record: SalesloftRecord) => record.title.startsWith('Rollout')],
  ] as const)('filters by %s', (name, value, test) => {
    const found = all({ [name]: value });
    expect(found).toEqual(idsWhere(test));
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(60);
  });

  it('filters by person_ids', () => {
    const caller = world.conversations.find(({ personId }) => personId !== null) as SalesloftRecord;
    expect(all({ person_ids: caller.personId ?? '' })).toContain(caller.id);
  });

  it('takes several ids in every encoding', () => {
    const [a, b] = [world.conversations[1]?.id ?? '', world.conversations[2]?.id ?? ''];
    const both = [a, b].sort();
    expect(ids(`ids=${a},${b}`).sort()).toEqual(both);
    expect(ids(`ids[]=${a}&ids[]=${b}`).sort()).toEqual(both);
    expect(ids(`ids=${a}&ids=${b.toUpperCase()}`).sort()).toEqual(both);
  });

  it('ignores unknown names, so sort= leaves the default order', () => {
    expect(ids({ sort: 'updated_at', started_at: 'x', 'created_at[foo]': 'x' })).toEqual(ids(''));
  });

  it('echoes what it filtered by', () => {
    const { metadata } = list({
      'updated_at[gt]': '2026-03-01T00:00:00Z',
      sort_by: 'updated_at',
      sort_direction: 'asc',
    }).body;
    expect(metadata.filtering).toEqual({ updated_at: { gt: '2026-03-01T00:00:00.000000Z' } });
    expect(metadata.sorting).toEqual({ sort_by: 'updated_at', sort_direction: 'ASC NULLS FIRST' });
  });
});

describe('bad values', () => {
  it.each([
    ['sort_by', 'title', 'sort_by'],
    ['sort_direction', 'up', 'sort_direction'],
    ['updated_at[gt]', 'yesterday', 'updated_at'],
    ['created_at[lt]', '2026-02-30T00:00:00Z', 'created_at'],
    ['duration[gt]', '1.5', 'duration'],
    ['language_code', 'xx-XX', 'language_code'],
    ['platform', 'pigeon', 'platform'],
    ['media_type', 'text', 'media_type'],
    ['is_api', '1', 'is_api'],
    ['ids', 'not-a-uuid', 'ids'],
    ['title[_starts_with]', 'ab', 'title'],
  ])('answers 422 to %s=%s', (name, value, field) => {
    expect(list({ [name]: value })).toMatchObject({ status: 422, body: { errors: { [field]: ['is invalid'] } } });
  });
});

describe('transcriptions', () => {
  it('lists those that have landed, newest first, whatever sort_direction says', () => {
    const { body } = list({ sort_direction: 'asc', per_page: '100' }, '/v2/transcriptions');
    const stamps = body.data.map((row: { created_at: string }) => Date.parse(row.created_at));
    expect(stamps).toHaveLength(world.conversations.filter(({ transcript }) => transcript !== null).length);
    expect(stamps).toEqual([...stamps].sort((a, b) => b - a));
  });

  it('filters by ids and refuses to sort by duration', () => {
    const id = world.conversations.find(({ transcript }) => transcript !== null)?.transcript?.id ?? '';
    expect(list({ ids: id }, '/v2/transcriptions').body.data.map((row: { id: string }) => row.id)).toEqual([id]);
    expect(list({ sort_by: 'duration' }, '/v2/transcriptions').status).toBe(422);
  });
});
