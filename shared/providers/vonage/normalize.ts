import type { Content } from '#shared/domain/conversation.ts';
import { RecordInvalid } from '#shared/domain/errors.ts';
import type { ListedFile } from '#shared/domain/media.ts';
import { blankContent } from '../blank-content.ts';
import { boundedJson, metadataOf } from '../bounded-json.ts';
import type { Answer, Normalized, RecordReference } from '../connector.ts';
import { externalIdExpected, said } from '../field-schemas.ts';
import { isoInstant } from '../field-values.ts';
import { type Drift, note, readRecord } from '../read-record.ts';
import { readAnalysis } from './analysis.ts';
import { fileFacts, filesOf, isOfCall, isOfChat } from './files.ts';
import { guidForm } from './guid.ts';
import { isHandle, isPhone, participantsOf } from './people.ts';
import {
  detailSchema,
  type Interaction,
  identitySchema,
  interactionEssentials,
  interactionSchema,
  type KnownDetail,
} from './schema.ts';

/**
 * Which conversation an interaction is. Vonage gives no stamp of the last change. An id that is no GUID is stored like any
 * other, only never sent to the analyzer.
 */
export function identify(listed: unknown): RecordReference {
  const parsed = identitySchema.safeParse(listed);
  if (!parsed.success) throw new RecordInvalid([`guid: expected ${externalIdExpected}`]);
  return { externalId: guidForm(parsed.data.guid), stamp: null };
}

function directionOf({ direction }: Interaction, drift: Drift): Content['direction'] {
  const word = said(direction)?.trim().toLowerCase() ?? 'unknown';
  if (word === 'inbound' || word === 'outbound' || word === 'internal') return word;
  if (word !== 'unknown') note(drift, 'direction=<new>');
  return 'unknown';
}

/** A call, where nothing shows that it is none: a chat has its transcript, and its attachments no phone numbers. */
function channelOf({ connectFrom, connectTo }: Interaction, files: readonly ListedFile[]): Content['channel'] {
  if (isOfCall(files)) return 'voice';
  if (isOfChat(files)) return 'chat';
  const isBetweenPhones = isPhone(connectFrom ?? '') && isPhone(connectTo ?? '');
  return !isBetweenPhones && files.some(({ kind }) => kind === 'attachment') ? 'chat' : 'voice';
}

/** A handle, which an agent's id may hide among the participants. */
const handleOf = (address: string | null | undefined): string | null =>
  address && isHandle(address) ? said(address) : null;

function contentOf(interaction: Interaction, files: readonly ListedFile[], drift: Drift) {
  const direction = directionOf(interaction, drift);
  return {
    channel: channelOf(interaction, files),
    direction,
    status: 'completed' as const,
    title: null,
    startedAt: isoInstant(interaction.start),
    endedAt: null,
    durationMs: null,
    providerCreatedAt: null,
    providerUpdatedAt: null,
    participants: participantsOf(interaction, direction, drift),
    summary: null,
  };
}

function readDetail(detail: Answer['detail']): KnownDetail {
  const parsed = detailSchema.safeParse(detail ?? {});
  if (!parsed.success) throw new RecordInvalid(['detail: expected {guid, analysis, refused, interaction}']);
  return parsed.data;
}

/** What is said of an interaction that is known, and which files it has by now, where that was asked for. */
function normalizeAgain(known: KnownDetail): Normalized {
  const { guid, interaction } = known;
  const drift: Drift = new Set();
  if (guid === undefined) throw new RecordInvalid(['detail.guid: expected the id of the interaction']);
  const at = 'interaction';
  const listed =
    interaction && readRecord(interactionSchema, interaction, { drift, at, essential: interactionEssentials });
  if (listed && guidForm(listed.guid) !== guid)
    throw new RecordInvalid(['interaction.guid: expected the one asked for']);
  const { content, transcript, artifacts, metadata } = readAnalysis(known, drift);
  const contentFiles = fileFacts(listed?.content);
  return {
    externalId: guid,
    stamp: null,
    scope: 'artifacts',
    content: { ...blankContent, ...content, metadata: { ...metadataOf({ contentFiles }), ...metadata } },
    transcript,
    artifacts,
    files: filesOf(listed?.content, drift),
    drift: [...drift],
  };
}

/**
 * An interaction with what the analyzer says of it, in our words. Without a word of the analyzer it is the record as it is
 * listed: what was said before stands.
 */
export function normalize({ listed, detail }: Answer): Normalized {
  const known = readDetail(detail);
  if (listed === null) return normalizeAgain(known);
  const drift: Drift = new Set();
  const unknown: Record<string, unknown> = {};
  const interaction = readRecord(interactionSchema, listed, { drift, essential: interactionEssentials, unknown });
  const { content, transcript, artifacts, metadata } = readAnalysis(known, drift);
  const files = filesOf(interaction.content, drift);
  const listedMetadata = metadataOf({
    connectFrom: handleOf(interaction.connectFrom),
    connectTo: handleOf(interaction.connectTo),
    contentFiles: fileFacts(interaction.content),
    other: boundedJson(unknown),
  });
  return {
    externalId: guidForm(interaction.guid),
    stamp: null,
    scope: known.analysis ? 'whole' : 'listing',
    content: { ...contentOf(interaction, files, drift), ...content, metadata: { ...listedMetadata, ...metadata } },
    transcript,
    artifacts,
    files,
    drift: [...drift],
  };
}
