import { uuidForm } from '#shared/providers/talkdesk/ids.ts';
import { mediaLinkAnswer, recordingAnswer, recordingsAnswer } from '#shared/providers/talkdesk/wire.ts';
import { recordedMedia, writeRecordings } from '#shared/providers/talkdesk/write-recordings.ts';
import { getItem } from '#shared/storage/conversations.ts';
import type { Call } from '../../call.ts';
import { negotiate } from '../../http/negotiate.ts';
import { notFound } from '../../http/problem.ts';
import { parseParameters, readQuery } from '../../http/query-string.ts';
import { type Answer, jsonAnswer } from '../../http/request.ts';
import { answerMedia } from '../../media/answer-media.ts';
import { makeLink } from '../../media/link.ts';
import { dialectIdOf, findByDialectIds } from '../../records/dialect-ids.ts';
import { type Found, visible } from '../../records/find-conversation.ts';
import { fileCode, readFileCode } from '../file-code.ts';
import { noQuery } from './parameters.ts';

/** How long a link to a recording opens it. */
const linkLifeMs = 300_000;
/** Talkdesk's page of recordings; a conversation with more shows all in one, since it has few. */
const perPage = 20;

/** `GET /calls/{id}/recordings`: an interaction's id is taken for the call's, as by public code. */
export async function answerCallRecordings(call: Call): Promise<Answer> {
  parseParameters(noQuery, readQuery(call.request.query));
  const id = uuidForm(call.request.params['id'] ?? '');
  const found = (await findByDialectIds(call, 'talkdesk', [id])).get(id);
  if (!found) throw notFound('conversation');
  const { origin, path } = call.request;
  const recordings = recordingsOf(found).map((recording) => ({ ...recording, _links: linksOf(origin, recording.id) }));
  const href = `${origin}${path}`;
  const answer = {
    total: recordings.length,
    count: recordings.length,
    page: 1,
    per_page: Math.max(perPage, recordings.length),
    _embedded: { recordings },
    _links: { self: { href }, page: { href: `${href}{?page,per_page}`, templated: true } },
  };
  return jsonAnswer(recordingsAnswer.parse(answer));
}

/** `GET /recordings/{id}` */
export async function answerRecording(call: Call): Promise<Answer> {
  parseParameters(noQuery, readQuery(call.request.query));
  const { found, id } = await findRecording(call);
  const recording = recordingsOf(found).find((one) => one.id === id);
  return jsonAnswer(recordingAnswer.parse({ recording, _links: linksOf(call.request.origin, id) }));
}

/** Whether an `Accept` would rather have JSON than audio. HTTP libraries name JSON beside anything else by habit. */
const prefersJson = (accept: string | undefined): boolean =>
  negotiate(accept, ['audio/mpeg', 'application/json']) === 'application/json';

/**
 * `GET /recordings/{id}/media`: who prefers JSON gets a link that needs no header, as Talkdesk's types say; all
 * others get the bytes, as public code expects.
 */
export async function answerRecordingMedia(call: Call): Promise<Answer> {
  parseParameters(noQuery, readQuery(call.request.query));
  const { found, id, key } = await findRecording(call);
  if (!prefersJson(call.request.headers['accept'])) return answerMedia(call, found, key);
  const { origin } = call.request;
  const { href } = await makeLink(call, found, key, linkLifeMs);
  const links = { self: linksOf(origin, id).media, file: { href: `${origin}${href}` } };
  return jsonAnswer(mediaLinkAnswer.parse({ _links: links }), { vary: 'Accept' });
}

const recordingsOf = ({ conversation }: Found) =>
  writeRecordings(conversation, dialectIdOf('talkdesk', conversation), fileCode);

const linksOf = (origin: string, id: string) => {
  const self = `${origin}/recordings/${id}`;
  return { self: { href: self }, media: { href: `${self}/media` } };
};

/** The recording of the path. Throws the one 404 for what does not exist and for what the caller may not see. */
async function findRecording(call: Call): Promise<{ found: Found; id: string; key: string }> {
  const id = call.request.params['id'] ?? '';
  const name = readFileCode(id);
  const item = name && (await getItem(call.lookup.store, name.uuid));
  const found = item && visible(call.caller, item);
  const file = found && recordedMedia(found.conversation).find(({ key }) => key.toWellFormed() === name?.key);
  if (!found || !file) throw notFound('media');
  return { found, id, key: file.key };
}
