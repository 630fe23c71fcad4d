import pMap from 'p-map';
import { guidOrNull } from '#shared/providers/vonage/guid.ts';
import { analysesAnswer, analysisAnswer } from '#shared/providers/vonage/wire.ts';
import { writeAnalysis } from '#shared/providers/vonage/write-analysis.ts';
import { need } from '../../access/access.ts';
import type { Call } from '../../call.ts';
import { notFound } from '../../http/problem.ts';
import { parseParameters, readQuery } from '../../http/query-string.ts';
import type { Answer } from '../../http/request.ts';
import { findByDialectIds } from '../../records/dialect-ids.ts';
import { noteTranscripts, wholeOf } from '../whole-records.ts';
import { analysesQuery, analysisQuery } from './parameters.ts';
import { versionedAnswer, versionOf } from './version.ts';

/** Long transcripts lie in the bucket: one read each. */
const concurrency = 16;

/** `GET /conversation-analyzer/interactions?calls=…`: a bare array, in the order asked, without what there is not. */
export async function answerAnalyses(call: Call): Promise<Answer> {
  const version = versionOf(call.request);
  const { calls, transcript } = parseParameters(analysesQuery, readQuery(call.request.query));
  const items = await analysesOf(call, [...new Set(calls)], { transcript, version });
  return versionedAnswer(analysesAnswer.parse(items), version);
}

/** `GET /conversation-analyzer/interactions/{guid}` */
export async function answerAnalysis(call: Call): Promise<Answer> {
  const version = versionOf(call.request);
  const { transcript } = parseParameters(analysisQuery, readQuery(call.request.query));
  const [item] = await analysesOf(call, [call.request.params['guid'] ?? ''], { transcript, version });
  if (!item) throw notFound('conversation');
  return versionedAnswer(analysisAnswer.parse(item), version);
}

/** Throws a 404 where one is no GUID, as some endpoints of Vonage do; others answer it with a 500. */
async function analysesOf(call: Call, guids: readonly string[], asked: { transcript: boolean; version: number }) {
  if (asked.transcript) need(call.caller, 'content');
  const ids = new Map(guids.map((guid) => [guid, guidOrNull(guid)]));
  const known = [...ids.values()].filter((id) => id !== null);
  if (known.length < ids.size) throw notFound('conversation');
  const found = await findByDialectIds(call, 'vonage', known);
  const present = [...ids].flatMap(([guid, id]) => {
    const one = id === null ? undefined : found.get(id);
    return one ? [{ guid, one }] : [];
  });
  const records = await pMap(
    present,
    async ({ guid, one }) => {
      const record = asked.transcript ? await wholeOf(call, one) : { conversation: one.conversation, transcript: null };
      return { guid, record };
    },
    { concurrency },
  );
  const items = records.map(({ guid, record }) => ({ record, item: writeAnalysis(record, { guid, ...asked }) }));
  const told = items.filter(({ item }) => item.transcript !== null).map(({ record }) => record);
  await noteTranscripts(call, told);
  return items.map(({ item }) => item);
}
