import { describe, expect, it } from 'vitest';
import type { StoredRecord } from '#shared/domain/conversation.ts';
import { clock, dialectId, get, lookup, setUpSharedFields, tokens, world } from './shared-fields-world.ts';

setUpSharedFields();

const idOf = (record: StoredRecord): string => dialectId('salesloft', record);

describe('a list by updated_at', () => {
  it('ends where an index may not have caught up, and no other list does', async () => {
    const foreign = world.filter(({ conversation }) => conversation.provider === 'talkdesk');
    const newest =
      foreign
        .map(({ conversation }) => conversation.updatedAt)
        .toSorted()
        .at(-1) ?? '';
    const ids = foreign.filter(({ conversation }) => conversation.updatedAt === newest).map(idOf);
    const before = clock.now;
    const shown = async (query: string) => {
      const { body } = await get(`/v2/conversations?per_page=100${query}`, 'foreign');
      return body.data.filter(({ id }: { id: string }) => ids.includes(id)).length;
    };
    clock.now = Date.parse(newest) + 9_999;
    const lists = ['&sort_by=updated_at', '&updated_at[gte]=2026-01-01T00:00:00Z', '', '&sort_by=duration'];
    expect(await Promise.all(lists.map(shown))).toEqual([0, 0, ids.length, ids.length]);
    clock.now = Date.parse(newest) + 10_000;
    expect(await Promise.all(lists.map(shown))).toEqual(lists.map(() => ids.length));
    clock.now = before;
  });
});

describe('what is wrong', () => {
  it.each([
    ['sort_by=title', 'sort_by'],
    ['sort_direction=up', 'sort_direction'],
    ['created_at[gt]=soon', 'created_at'],
    ['created_at[gte]=2026-02-30T00:00:00Z', 'created_at'],
    ['updated_at[lt]=', 'updated_at'],
    ['updated_at[lt]=%ff', 'updated_at'],
    ['duration[gt]=-1', 'duration'],
    ['duration[gt]=1.5', 'duration'],
    ['platform=fax', 'platform'],
    ['platform=zoom&platform=webex', 'platform'],
    ['language_code=xx', 'language_code'],
    ['ids=1', 'ids'],
    ['ids[]=a,b', 'ids'],
    ['is_api=yes', 'is_api'],
    ['media_type=fax', 'media_type'],
    ['title[_starts_with]=ab', 'title'],
  ])('%s is a 422 that names %s', async (query, field) => {
    const { status, body } = await get(`/v2/conversations?${query}`);
    expect([status, body]).toEqual([422, { errors: { [field]: ['is invalid'] } }]);
  });

  it('passes over names that nobody knows, and shows the filters as they were understood', async () => {
    const query = 'sort=updated_at&%00=1&%ff=2&colour=red&created_at[gt]=2026-03-01T01:00:00%2B01:00&ids[]=';
    expect((await get(`/v2/conversations?${query.replace('&ids[]=', '')}`)).body.metadata).toEqual({
      filtering: { created_at: { gt: '2026-03-01T00:00:00.000000Z' } },
      paging: { per_page: 25, current_page: 1, next_page: 2, prev_page: null },
      sorting: { sort_by: 'created_at', sort_direction: 'DESC NULLS LAST' },
    });
    expect((await get(`/v2/conversations?${query}`)).status).toBe(422);
  });

  it.each([
    'x',
    'title=a',
    'title=%00%1f',
    `title=${'x'.repeat(9_000)}`,
    'page=99999999999999999999',
    'per_page[]=5',
    '&&=&',
  ])('stands %s', async (query) => expect((await get(`/v2/conversations?${query}`)).status).toBe(200));

  it('says so in the shape of Salesloft', async () => {
    const error = { error: expect.any(String) };
    const answers = [
      [401, await lookup.get('/v2/conversations')],
      [401, await lookup.get('/v2/conversations', 'wrong')],
      [403, await lookup.get('/v2/conversations', tokens['recordings'])],
      [404, await lookup.get('/v2/people', tokens['all'])],
      [405, await lookup.call('/v2/conversations', { method: 'POST' })],
    ] as const;
    for (const [status, answer] of answers) expect([answer.status, answer.json()]).toEqual([status, error]);
  });
});
