import type { Transcript } from '#shared/domain/transcript.ts';
import { callSchema, recordingSchema } from '#shared/providers/magpipe/wire.ts';
import { shortInstant, writeCall } from '#shared/providers/magpipe/write.ts';
import type { Call } from '../../call.ts';
import { Problem } from '../../http/problem.ts';
import { type Answer, jsonAnswer } from '../../http/request.ts';
import { makeLink } from '../../media/link.ts';
import { dialectIdOf, findByDialectIds } from '../../records/dialect-ids.ts';
import type { Found } from '../../records/find-conversation.ts';
import { recordingOf } from '../recording-of.ts';
import { noteTranscripts, wholeOf } from '../whole-records.ts';
import { readQuestion } from './question.ts';
import { callQuestion, linkQuestion } from './questions.ts';

/** How long the link of get-call is good (docs.magpipe.ai/api-reference/endpoints/get-call). */
const linkLifeMs = 3_600_000;

/** `POST /get-call`, the id in the body. */
export const answerPostedCall = (call: Call): Promise<Answer> =>
  answerCall(call, readQuestion(callQuestion, call.request.body).call_id);

/** `GET /get-call?call_id=`: the page is headed GET, while all its examples post. */
export function answerGottenCall(call: Call): Promise<Answer> {
  const ids = new URLSearchParams(call.request.query).getAll('call_id');
  const question = readQuestion(callQuestion, JSON.stringify({ call_id: ids.length > 1 ? ids : ids[0] }));
  return answerCall(call, question.call_id);
}

async function answerCall(call: Call, callId: string): Promise<Answer> {
  const found = await findCall(call, callId);
  const content = call.caller.can.has('content');
  const transcript = content ? await transcriptOf(call, found) : null;
  const recordingUrl = call.caller.can.has('media') ? await recordingUrlOf(call, found) : null;
  const id = dialectIdOf('magpipe', found.conversation);
  return jsonAnswer(callSchema.parse(writeCall(found.conversation, { id, content, transcript, recordingUrl })));
}

/** What was said, the reading noted before it is sent; null where there is nothing yet. */
async function transcriptOf(call: Call, found: Found): Promise<Transcript | null> {
  if (found.conversation.artifacts['transcript']?.state !== 'ready') return null;
  const record = await wholeOf(call, found);
  await noteTranscripts(call, [record]);
  return record.transcript;
}

async function recordingUrlOf(call: Call, found: Found): Promise<string | null> {
  const recording = recordingOf(found.conversation);
  if (!recording) return null;
  const { href } = await makeLink(call, found, recording.key, linkLifeMs);
  return call.request.origin + href;
}

/** `POST /get-signed-recording-url` */
export async function answerRecordingUrl(call: Call): Promise<Answer> {
  const question = readQuestion(linkQuestion, call.request.body);
  const found = await findCall(call, question.call_id);
  const recording = recordingOf(found.conversation);
  if (!recording) throw new Problem(404, { code: 'noRecording', message: 'The call has no recording now.' });
  const { href, expiresAt } = await makeLink(call, found, recording.key, question.expires_in * 1_000);
  const answer = { recording_url: call.request.origin + href, expires_at: shortInstant(expiresAt) };
  return jsonAnswer(recordingSchema.parse(answer));
}

/** Throws the one 404 for what does not exist and for what the caller may not see. */
async function findCall(call: Call, id: string): Promise<Found> {
  const found = (await findByDialectIds(call, 'magpipe', [id])).get(id);
  if (!found) throw new Problem(404, { code: 'notFound', message: 'Call not found' });
  return found;
}
