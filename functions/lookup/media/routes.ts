import * as z from 'zod';
import { authenticate, need } from '../access/access.ts';
import type { Call } from '../call.ts';
import { parseParameters, readQuery } from '../http/query-string.ts';
import { type Answer, jsonAnswer, type Request } from '../http/request.ts';
import type { Lookup } from '../lookup.ts';
import { findConversation } from '../records/find-conversation.ts';
import type { About, Route } from '../route.ts';
import { noParameters } from '../v1/parameters.ts';
import { answerMedia } from './answer-media.ts';
import { makeLink } from './link.ts';
import { callerOfLink, mediaParameters } from './link-caller.ts';

const linkLifeMs = 5 * 60_000;

const linkSchema = z.object({
  href: z.string().meta({ description: 'path and query at this address' }),
  expiresAt: z.iso.datetime(),
});

/** Open, because a link takes the place of the header: who asks is found out here, before anything else. */
async function getMedia(lookup: Lookup, request: Request): Promise<Answer> {
  const linked = await callerOfLink(lookup, request);
  const caller = linked ?? (await authenticate(lookup, request.headers['authorization']));
  need(caller, 'media');
  await lookup.countCall(caller);
  const call: Call = { lookup, caller, request };
  const answer = await answerMedia(call, await findConversation(call), request.params['key'] ?? '');
  if (!linked) return answer;
  // A link is for players in pages, and those stand at another address.
  return { ...answer, headers: { ...answer.headers, 'cross-origin-resource-policy': 'cross-origin' } };
}

async function postLink(call: Call): Promise<Answer> {
  parseParameters(noParameters, readQuery(call.request.query));
  const link = await makeLink(call, await findConversation(call), call.request.params['key'] ?? '', linkLifeMs);
  return jsonAnswer(linkSchema.parse(link));
}

const bytes = { types: ['application/octet-stream', 'audio/*', 'video/*', 'application/json'] };

const aboutMedia: About = {
  id: 'getMedia',
  needs: 'media',
  summary: "A file's bytes, by the Authorization header or by a link",
  query: mediaParameters,
  headers: [
    { name: 'Range', description: 'one range of bytes; several are answered by the whole file' },
    { name: 'If-Range', description: 'the ETag: another file is sent whole' },
    { name: 'If-None-Match', description: 'answers 304 where the file is still this one' },
    { name: 'If-Match', description: 'answers 412 where the file is not this one' },
  ],
  answers: {
    200: { description: 'the whole file', ...bytes },
    206: { description: 'the bytes of the range', ...bytes },
    302: { description: 'to a signed address of S3, where more than 100 MiB are asked for at once' },
    304: { description: 'the file is still the one that the caller has' },
  },
  errors: [412, 416],
};

export const mediaRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/conversations/{id}/media/{key}', open: getMedia, about: aboutMedia },
  {
    method: 'POST',
    path: '/v1/conversations/{id}/media/{key}/link',
    needs: 'media',
    answer: postLink,
    about: {
      id: 'createMediaLink',
      summary: 'A link to a file that needs no header, for five minutes',
      query: noParameters,
      answers: { 200: { description: 'the link', schema: linkSchema } },
    },
  },
];
