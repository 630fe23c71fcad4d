import { generatedFiles } from '#shared/providers/vonage/generated-files.ts';
import { writeFiles } from '#shared/providers/vonage/write-interaction.ts';
import { need } from '../../access/access.ts';
import type { Call } from '../../call.ts';
import { notFound } from '../../http/problem.ts';
import { parseParameters, readQuery } from '../../http/query-string.ts';
import type { Answer } from '../../http/request.ts';
import { answerMedia } from '../../media/answer-media.ts';
import { dialectIdOf } from '../../records/dialect-ids.ts';
import type { Found } from '../../records/find-conversation.ts';
import { wholeOf } from '../whole-records.ts';
import { findInteraction } from './find-interaction.ts';
import { answerGenerated } from './generated-answer.ts';
import { noQuery } from './parameters.ts';
import { versionOf } from './version.ts';

/** `GET`, `HEAD /interaction-content/interactions/{guid}/content/{contentKey}`: the bytes. */
export async function answerContent(call: Call): Promise<Answer> {
  versionOf(call.request);
  parseParameters(noQuery, readQuery(call.request.query));
  const found = await findInteraction(call);
  const key = call.request.params['contentKey'] ?? '';
  const { media } = found.conversation;
  return media.length === 0 ? answerMade(call, found, key) : answerMedia(call, found, keyOf(found, key));
}

/**
 * Clients name a call's recording by the fixed word that is its key at Vonage; other providers' recordings have keys of
 * their own, and go by it as well.
 */
function keyOf({ conversation }: Found, key: string): string {
  const { media } = conversation;
  if (key !== 'callRecording' || media.some((file) => file.key === key)) return key;
  return writeFiles(conversation).find(({ type }) => type === key)?.contentKey ?? key;
}

/** A file that we make of the record itself. */
async function answerMade(call: Call, found: Found, key: string): Promise<Answer> {
  const { conversation } = found;
  const made = generatedFiles(await wholeOf(call, found), dialectIdOf('vonage', conversation));
  const file = made.find(({ entry }) => entry.contentKey === key);
  if (!file) throw notFound('media');
  // What is made of the record needs what the record needs: the log has its names and phones.
  need(call.caller, key === 'transcript' ? 'content' : 'records');
  const kind = key === 'transcript' ? 'transcript' : (`media:${key}` as const);
  return answerGenerated(call, file, { client: call.caller.id, conversation: conversation.id, kind });
}
