import * as z from 'zod';
import { interactionPage } from '#shared/providers/talkdesk/wire.ts';
import { writeInteraction } from '#shared/providers/talkdesk/write-interaction.ts';
import { need } from '../../access/access.ts';
import { openPosition, sealPosition } from '../../access/position.ts';
import type { Call } from '../../call.ts';
import { parseParameters, readQuery } from '../../http/query-string.ts';
import { type Answer, jsonAnswer } from '../../http/request.ts';
import { dialectIdOf } from '../../records/dialect-ids.ts';
import { fileCode } from '../file-code.ts';
import { listByStart } from '../list-by-start.ts';
import { noteTranscripts, wholeRecords } from '../whole-records.ts';
import { type InteractionsQuery, type Interval, interactionsQuery, intervalOf } from './parameters.ts';

/** Interactions of one page: Talkdesk lets nobody choose. */
const pageSize = 50;

/** The cursor knows its interval: whether the interval stands beside it or not makes no difference. */
const boundTo = { list: 'talkdesk' };
const placeSchema = z.tuple([z.number(), z.number(), z.string()]);

/** `GET /conversations/interactions`: what started in an interval, in HAL, with its messages. */
export async function answerInteractions(call: Call): Promise<Answer> {
  need(call.caller, 'content');
  const query = parseParameters(interactionsQuery, readQuery(call.request.query));
  const { interval, after } = await placeOf(call, query);
  const page = await listByStart(call, { ...interval, after, limit: pageSize });
  const records = await wholeRecords(call, page.conversations);
  const interactions = records.map((record) =>
    writeInteraction(record, dialectIdOf('talkdesk', record.conversation), fileCode),
  );
  const next = page.next && JSON.stringify([interval.from, interval.to, page.next]);
  const cursor = await sealPosition(call, next, boundTo);
  const href = cursor && `${call.request.origin}/conversations/interactions?cursor=${encodeURIComponent(cursor)}`;
  const answer = interactionPage.parse({ _embedded: { interactions }, _links: href ? { next: { href } } : {} });
  await noteTranscripts(call, records);
  return jsonAnswer(answer);
}

/** Where to read on: an interval that is sent beside a cursor must be one, and counts for nothing. */
async function placeOf(call: Call, query: InteractionsQuery): Promise<{ interval: Interval; after: string | null }> {
  const interval = intervalOf(query, call.lookup.now());
  const position = await openPosition(call, query.cursor, boundTo);
  if (position === null) return { interval, after: null };
  const [from, to, after] = placeSchema.parse(JSON.parse(position));
  return { interval: { from, to }, after };
}
