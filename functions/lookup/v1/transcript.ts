import { transcriptSchema } from '#shared/domain/transcript.ts';
import { readTranscript } from '#shared/storage/transcripts.ts';
import type { Call } from '../call.ts';
import { negotiate } from '../http/negotiate.ts';
import { notAcceptable, transcriptMissing } from '../http/problem.ts';
import { parseParameters, readQuery } from '../http/query-string.ts';
import { type Answer, jsonAnswer, textAnswer } from '../http/request.ts';
import { findConversation } from '../records/find-conversation.ts';
import { noteTranscripts } from '../records/note-transcripts.ts';
import { noParameters } from './parameters.ts';
import { transcriptText } from './transcript-text.ts';
import { webvtt } from './webvtt.ts';

export const transcriptTypes = ['application/json', 'text/vtt', 'text/plain'] as const;
const vary = { vary: 'Accept' };

/** `GET /v1/conversations/{id}/transcript` in the type that `Accept` asks for. */
export async function answerTranscript(call: Call): Promise<Answer> {
  parseParameters(noParameters, readQuery(call.request.query));
  const type = negotiate(call.request.headers['accept'], transcriptTypes);
  if (type === null) throw notAcceptable(transcriptTypes);
  const { item, conversation } = await findConversation(call);
  const transcript = await readTranscript(call.lookup.store, item);
  if (!transcript) throw transcriptMissing();
  await noteTranscripts(call, [conversation]);
  if (type === 'application/json') return jsonAnswer(transcriptSchema.parse(transcript), vary);
  const write = type === 'text/vtt' ? webvtt : transcriptText;
  return textAnswer(type, write(transcript, conversation.participants), vary);
}
