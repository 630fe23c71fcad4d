import * as z from 'zod';
import { conversationId } from '#shared/domain/identity.ts';
import { openMedia } from '#shared/storage/media-bytes.ts';
import { getQuarantined } from '#shared/storage/read-quarantine.ts';
import { maySee } from '../access/access.ts';
import type { Call } from '../call.ts';
import { notFound } from '../http/problem.ts';
import { parseParameters, readQuery } from '../http/query-string.ts';
import type { Answer } from '../http/request.ts';
import { noParameters } from '../v1/parameters.ts';
import { readQuarantineId } from './quarantine-id.ts';

export const quarantinedSchema = z.object({
  id: z.string(),
  connection: z.string(),
  externalId: z.string().nullable().meta({ description: '`null` where not even the id could be read' }),
  reason: z.string().meta({ description: 'field paths and what was expected there, without values' }),
  at: z.iso.datetime(),
});

/** `GET /v1/quarantine/{id}`: the bytes as the provider sent them, to be saved and never shown. Notes the reading. */
export async function answerRaw(call: Call): Promise<Answer> {
  const { lookup, caller, request } = call;
  parseParameters(noParameters, readQuery(request.query));
  const place = readQuarantineId(request.params['id'] ?? '');
  const mine = place && maySee(caller, place.connection) ? place : null;
  const entry = mine && (await getQuarantined(lookup.store, mine.connection, mine.sk));
  if (!entry) throw notFound('quarantined record');
  const { connection, externalId } = entry;
  const id = request.params['id'] ?? '';
  const conversation = externalId === null ? id : conversationId(connection, externalId);
  if (request.method !== 'HEAD') await lookup.reads.note([{ client: caller.id, conversation, kind: 'quarantine' }]);
  const body = await openMedia(lookup.store, entry.object, { first: 0, last: entry.bytes - 1 }, entry.bytes);
  if (!body) throw notFound('quarantined record');
  const headers = {
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename="${id}.json"`,
    'cache-control': 'no-store',
  };
  return { statusCode: 200, headers, body };
}
