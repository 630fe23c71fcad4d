import { transcriptSchema } from '#shared/domain/transcript.ts';
import { readTranscript } from '#shared/storage/transcripts.ts';
import type { Call } from './call.ts';
import { findConversation } from './find-conversation.ts';
import { negotiate } from './negotiate.ts';
import { noParameters } from './parameters.ts';
import { notAcceptable, transcriptMissing } from './problem.ts';
import { parseParameters, readQuery } from './query-string.ts';
import { type Answer, jsonAnswer, textAnswer } from './request.ts';
import { transcriptText } from './transcript-text.ts';
import { webvtt } from './webvtt.ts';

const offered = ['application/json', 'text/vtt', 'text/plain'] as const;
const vary = { vary: 'Accept' };

/** `GET /v1/conversations/{id}/transcript` in the type that `Accept` asks for. */
export async function answerTranscript(call: Call): Promise<Answer> {
  parseParameters(noParameters, readQuery(call.request.query));
  const type = negotiate(call.request.headers['accept'], offered);
  if (type === null) throw notAcceptable(offered);
  const { item, conversation } = await findConversation(call);
  const transcript = await readTranscript(call.lookup.store, item);
  if (!transcript) throw transcriptMissing();
  if (type === 'application/json') return jsonAnswer(transcriptSchema.parse(transcript), vary);
  const write = type === 'text/vtt' ? webvtt : transcriptText;
  return textAnswer(type, write(transcript, conversation.participants), vary);
}
