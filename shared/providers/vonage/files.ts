import type { ListedFile } from '#shared/domain/media.ts';
import { boundedJson, type Json } from '../bounded-json.ts';
import type { FileReference, MediaSource, Session } from '../connector.ts';
import { externalId, said } from '../field-schemas.ts';
import { fieldsOf } from '../fields-of.ts';
import { pathSegment } from '../path-segment.ts';
import { flatReader } from '../read-flat.ts';
import { type Drift, note } from '../read-record.ts';
import { isEmpty } from './fields.ts';
import { contentPath } from './late-files.ts';

/** Content files of an interaction (docs-vcc.atlassian.net/wiki/x/WwCo1): recordings, and what was made of them. */

const readEntries = flatReader(
  {
    contentKey: 'text',
    type: 'text',
    contentType: 'text',
    contentLength: 'number',
    lastModified: 'text',
    owningAgent: 'unread',
    owningInteractionPlan: 'unread',
    properties: 'unread',
  },
  'content[]',
);

/** Recordings of speech, and what is made of a call's recording: they show that it was a call. */
const ofCalls = [
  'callRecording',
  'voicemail',
  'ivrAudioRecording',
  'screenRecording',
  'transcript',
  'categorizationResult',
  'sentimentSummary',
];
const types: ReadonlySet<string> = new Set([
  ...ofCalls,
  'videoRecording',
  'chatTranscript',
  'attachment',
  'conversationSummary',
  'interactionLog',
]);

export const isOfCall = (files: readonly ListedFile[]): boolean => files.some(({ kind }) => ofCalls.includes(kind));
export const isOfChat = (files: readonly ListedFile[]): boolean => files.some(({ kind }) => kind === 'chatTranscript');

/** The listed files, each key once: of two entries under one key the later holds. */
export function filesOf(content: readonly unknown[] | null | undefined, drift: Drift): ListedFile[] {
  const files = new Map<string, ListedFile>();
  for (const { contentKey: key, type, contentType, contentLength, lastModified } of readEntries(content, drift)) {
    if (key === null || !externalId.safeParse(key).success) {
      note(drift, 'content[].contentKey=<unusable>');
      continue;
    }
    const kind = said(type) ?? 'unknown';
    if (!types.has(kind)) note(drift, 'content[].type=<new>');
    const isLength = contentLength !== null && Number.isSafeInteger(contentLength) && contentLength >= 0;
    if (contentLength !== null && !isLength) note(drift, 'content[].contentLength=<number>');
    const bytes = isLength ? contentLength : null;
    files.set(key, { key, kind, contentType: said(contentType), bytes, revision: said(lastModified) });
  }
  return [...files.values()];
}

/** What a file has beside its bytes: whose voicemail it is, which interaction plan recorded it, its properties. */
export function fileFacts(content: readonly unknown[] | null | undefined): Json | undefined {
  const facts = (content ?? []).flatMap((entry) => {
    const { contentKey, owningAgent, owningInteractionPlan, properties } = fieldsOf(entry);
    if (!owningAgent && !owningInteractionPlan && isEmpty(properties)) return [];
    const { id: owningAgentId } = fieldsOf(owningAgent);
    const { id: owningInteractionPlanId } = fieldsOf(owningInteractionPlan);
    return [{ contentKey, owningAgentId, owningInteractionPlanId, ...(!isEmpty(properties) && { properties }) }];
  });
  return boundedJson(facts);
}

/** The bytes, under the account's own address; the key as it was listed. */
export async function locate(_session: Session, reference: FileReference): Promise<MediaSource> {
  const key = pathSegment('content.contentKey', reference.file.key);
  return { from: 'account', path: `${contentPath(reference.externalId)}/content/${key}` };
}
