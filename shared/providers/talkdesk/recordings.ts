import * as z from 'zod';
import type { ArtifactFinding } from '#shared/domain/artifact.ts';
import { NotAtProvider, PermissionMissing, ResponseInvalid } from '#shared/domain/errors.ts';
import type { ListedFile } from '#shared/domain/media.ts';
import { metadataOf } from '../bounded-json.ts';
import type { Detail, FileReference, MediaSource, Session } from '../connector.ts';
import { anything, idText, number, said, text } from '../field-schemas.ts';
import { pathSegment } from '../path-segment.ts';
import { type Drift, readEach } from '../read-record.ts';
import type { Spoken } from './people.ts';

/**
 * Recordings of a call, from the Recordings API (docs.talkdesk.com/reference/callsidrecordings). An interaction's id is
 * taken for the call's: undocumented, but what public code does. They appear after the call, so an empty list or a 404
 * is "not yet".
 */

const pageSchema = z.object({
  _embedded: z.object({ recordings: z.array(z.unknown()) }),
  _links: z.object({ next: z.object({ href: z.string() }).nullish() }).nullish(),
});

/** Links, channels and the call are known and of no use. */
const recordingSchema = z.compile(
  z.object({
    id: idText,
    type: text,
    index: number,
    duration: number,
    created_at: text,
    call_id: anything,
    agents: anything,
    _links: anything,
  }),
);

/** What is known of an interaction's recordings: those listed, or why there is no list. */
export const recordingsDetailSchema = z.object({
  call: z.string().optional(),
  recordings: z.array(z.unknown()).optional(),
  refused: z.literal('permissionMissing').optional(),
});
export type RecordingsDetail = z.output<typeof recordingsDetailSchema>;

/** A call has few recordings; more pages are taken for a chain without end. */
const mostPages = 20;

export async function fetchRecordings(session: Session, call: string): Promise<Detail> {
  const path = `/calls/${pathSegment('id', call)}/recordings`;
  const recordings: unknown[] = [];
  try {
    let page: string | null = null;
    for (let pages = 0; pages < mostPages; pages++) {
      const answer = await session.getJson(path, page === null ? [] : [['page', page]]);
      const parsed = pageSchema.safeParse(answer.body);
      if (!parsed.success) throw new ResponseInvalid('recordings are not {"_embedded": {"recordings": [...]}}');
      recordings.push(...parsed.data._embedded.recordings);
      const next = nextPage(parsed.data._links?.next?.href);
      if (next === null || next === page) return { call, recordings };
      page = next;
    }
  } catch (error) {
    if (error instanceof PermissionMissing) return { call, refused: 'permissionMissing' };
    if (error instanceof NotAtProvider) return { call, recordings: [] };
    throw error;
  }
  throw new ResponseInvalid(`more than ${mostPages} pages of recordings of one call`);
}

/** The page number in a `next` link; its host is not believed. */
const nextPage = (href: string | undefined): string | null =>
  href === undefined ? null : (URL.parse(href, 'https://any')?.searchParams.get('page') ?? null);

export const fileOf = (id: string): ListedFile => ({
  key: `recording-${id}`,
  kind: 'recording',
  contentType: null,
  bytes: null,
  revision: null,
});

/** The ids of the recordings that messages name, each once, as given: it is what the Recordings API is asked for. */
export function namedRecordings(spoken: readonly Spoken[]): Map<string, number | null> {
  const named = new Map<string, number | null>();
  for (const { message } of spoken) {
    const id = said(message.recording_id);
    if (id && !named.has(id)) named.set(id, message.recording_index ?? null);
  }
  return named;
}

/** Speech has recordings; so may have an interaction of which nothing is known yet. */
export const mayBeRecorded = (spoken: readonly Spoken[]): boolean =>
  spoken.length === 0 || spoken.some(({ message, source }) => source === 'STT' || message.channel === 'VOICE');

/** Whether the messages leave it open which recordings there are. */
export const areUnnamed = (spoken: readonly Spoken[]): boolean =>
  mayBeRecorded(spoken) && !spoken.some(({ message }) => said(message.recording_id));

/** The listed recordings as files, and what the schema has no place for. */
export function readRecordings({ recordings = [] }: RecordingsDetail, drift: Drift) {
  const read = readEach(recordingSchema, recordings, 'recordings[]', drift).flatMap(({ id: given, ...facts }) => {
    const id = said(given);
    return id ? [{ id, ...facts }] : [];
  });
  return {
    ids: read.map(({ id }) => id),
    metadata: read.map(({ id, type, index, duration, created_at: createdAt }) =>
      metadataOf({
        id,
        type: said(type),
        index: index ?? null,
        duration: duration ?? null,
        createdAt: said(createdAt),
      }),
    ),
  };
}

/** What stands for recordings that are not named yet. */
export function recordingFinding(spoken: readonly Spoken[], { refused }: RecordingsDetail): ArtifactFinding {
  if (refused) return { state: 'absent', reason: refused };
  return mayBeRecorded(spoken) ? { state: 'pending' } : { state: 'absent', reason: 'notVoice' };
}

const linkSchema = z.object({ _links: z.object({ file: z.object({ href: z.string() }) }) });

/** The media address answers with the bytes, with a redirect, or with JSON that holds the link: all three were seen. */
export async function locate(_session: Session, { file }: FileReference): Promise<MediaSource> {
  const id = file.key.replace(/^recording-/, '');
  return {
    from: 'account',
    path: `/recordings/${pathSegment('recording.id', id)}/media`,
    link: (body) => linkSchema.safeParse(body).data?._links.file.href ?? null,
  };
}
