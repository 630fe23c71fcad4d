import * as z from 'zod';
import { NotAtProvider } from '#shared/domain/errors.ts';
import type { ListedFile } from '#shared/domain/media.ts';
import type { FileReference, MediaSource, Session } from '../connector.ts';
import { said } from '../field-schemas.ts';
import { pathSegment } from '../path-segment.ts';
import { readOne } from './list-answer.ts';
import type { Row } from './schema.ts';

/** The files that a row names: its references are missing until the file exists. */
export function filesOf(row: Row): ListedFile[] {
  const file = (key: string, id: string | null, contentType: string | null): ListedFile[] =>
    id === null ? [] : [{ key, kind: key, contentType, bytes: null, revision: id }];
  return [
    ...file('recording', said(row.recording?.id), null),
    // The only type that the artifact's page knows.
    ...file('transcriptArtifact', said(row.transcription_artifact?.id), 'application/json'),
  ];
}

const linkSchema = z.object({ url: z.string().min(1).nullish() });

/**
 * Both answers hold a signed link under `data.url`. A missing recording shows as 404 or as a missing link, and so does
 * one that is not ready. A role without "Download Conversations" gets a 403.
 */
export async function locate(session: Session, { externalId, file }: FileReference): Promise<MediaSource> {
  const path =
    file.key === 'recording'
      ? `/conversations/${pathSegment('id', externalId)}/recording`
      : `/transcriptions/${pathSegment('transcription_artifact.id', file.revision ?? '')}/artifact`;
  try {
    const { body } = await session.getJson(path);
    const href = linkSchema.safeParse(readOne(body)).data?.url;
    return href ? { from: 'link', href } : { from: 'notYet' };
  } catch (error) {
    if (error instanceof NotAtProvider) return { from: 'notYet' };
    throw error;
  }
}
