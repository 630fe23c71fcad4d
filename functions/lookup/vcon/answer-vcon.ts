import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { readTranscript } from '#shared/storage/transcripts.ts';
import type { Call } from '../call.ts';
import { etagOf, namesEtag, revalidated } from '../http/etag.ts';
import { negotiate } from '../http/negotiate.ts';
import { notAcceptable } from '../http/problem.ts';
import { parseParameters, readQuery } from '../http/query-string.ts';
import type { Answer } from '../http/request.ts';
import { findConversation } from '../records/find-conversation.ts';
import { noParameters } from '../v1/parameters.ts';
import { writeVcon } from './write-vcon.ts';

export const packedType = 'application/vcon+gzip';
export const vconTypes = ['application/vcon', 'application/json', packedType] as const;
type VconType = (typeof vconTypes)[number];

/** `GET /v1/conversations/{id}/vcon` in the type that `Accept` asks for. */
export function answerVcon(call: Call): Promise<Answer> {
  const type = negotiate(call.request.headers['accept'], vconTypes);
  if (type === null) throw notAcceptable(vconTypes);
  return answerAs(call, type, { vary: 'Accept' });
}

/** `GET /v1/conversations/{id}/vcon.gz`: for those who cannot choose by a header. */
export const answerPackedVcon = (call: Call): Promise<Answer> => answerAs(call, packedType, {});

async function answerAs(call: Call, type: VconType, vary: Record<string, string>): Promise<Answer> {
  parseParameters(noParameters, readQuery(call.request.query));
  const { item, conversation } = await findConversation(call);
  const transcript = await readTranscript(call.lookup.store, item);
  const text = JSON.stringify(writeVcon({ conversation, transcript }, call.request.origin));
  const etag = etagOf(`${type} ${text}`);
  const headers = { etag, ...revalidated, ...vary };
  if (namesEtag(call.request.headers['if-none-match'], etag, 'weak')) return { statusCode: 304, headers, body: '' };
  if (call.request.method !== 'HEAD') {
    await call.lookup.reads.note([{ client: call.caller.id, conversation: conversation.id, kind: 'vcon' }]);
  }
  const ending = type === packedType ? 'vcon.gz' : 'vcon';
  const saved = { 'content-disposition': `attachment; filename="${conversation.uuid}.${ending}"` };
  const bytes = type === packedType ? gzipSync(text) : Buffer.from(text);
  const described = { ...headers, ...saved, 'content-type': type, 'content-length': String(bytes.length) };
  return { statusCode: 200, headers: described, body: type === packedType ? Readable.from([bytes]) : text };
}
