import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeRow } from '#shared/providers/magpipe/write.ts';
import { dialectId, lookup, setUpSharedFields, tokens, world } from './shared-fields-world.ts';

setUpSharedFields();

/** Every filter and page of `POST /list-calls` against the same over the written rows in memory. */

type Row = ReturnType<typeof writeRow>;
type Question = { limit?: number; offset?: number } & Record<string, string | number | undefined>;

const rows = () =>
  world.map((record) => ({
    uuid: record.conversation.uuid,
    row: writeRow(record.conversation, { id: dialectId('magpipe', record), content: true }),
  }));

/** Microseconds since 1970. */
const us = (stamp: unknown): number =>
  Date.parse(String(stamp)) * 1_000 + Number(/\.\d{3}(\d{3})/.exec(String(stamp))?.[1] ?? 0);

function passes(row: Row, [name, value]: readonly [string, unknown]): boolean {
  if (name === 'from_date') return us(row.created_at) >= us(value);
  if (name === 'to_date') return us(row.created_at) <= us(value);
  if (name === 'phone_number') return row.from_number === value || row.to_number === value;
  return !['direction', 'status', 'agent_id'].includes(name) || Reflect.get(row, name) === value;
}

const arbitraryQuestion = (created: readonly string[]): fc.Arbitrary<Question> => {
  const stamp = fc.constantFrom(...created);
  const filters: Readonly<Record<string, fc.Arbitrary<string>>> = {
    direction: fc.constantFrom('inbound', 'outbound'),
    status: fc.constantFrom('completed', 'no-answer', 'busy', 'failed'),
    agent_id: fc.constantFrom('2071', '2072', '-'),
    phone_number: fc.constantFrom('+441632960111', '+441632960222'),
    from_date: stamp,
    to_date: stamp,
    mood: fc.constant('sunny'),
  };
  const some = fc.subarray(Object.keys(filters), { maxLength: 3 });
  const form = fc.record({ limit: fc.constantFrom(1, 5, 100, 1_000), offset: fc.nat(50) }, { requiredKeys: [] });
  return fc
    .tuple(
      some.chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, filters[name] ?? stamp])))),
      form,
    )
    .map(([filter, paging]) => ({ ...filter, ...paging }));
};

describe('the list of calls', () => {
  it('agrees with the written rows about every filter and page', async () => {
    const all = rows();
    const question = arbitraryQuestion(all.map(({ row }) => row.created_at));
    await fc.assert(
      fc.asyncProperty(question, async (asked) => {
        const { limit: wanted = 50, offset = 0, ...filters } = asked;
        const limit = Math.min(wanted, 100);
        const found = all
          .filter(({ row }) => Object.entries(filters).every((filter) => passes(row, filter)))
          .sort((a, b) => us(b.row.created_at) - us(a.row.created_at) || (a.uuid < b.uuid ? 1 : -1));
        const answer = await lookup.call('/list-calls', {
          ...{ method: 'POST', headers: { authorization: `Bearer ${tokens['all']}` }, body: JSON.stringify(asked) },
        });
        expect([answer.status, JSON.parse(answer.text)]).toEqual([
          200,
          {
            calls: JSON.parse(JSON.stringify(found.slice(offset, offset + limit).map(({ row }) => row))),
            ...{ total: found.length, has_more: found.length > offset + limit },
          },
        ]);
      }),
      { numRuns: 40 },
    );
  });
});
