import type { Content } from '#shared/domain/conversation.ts';
import { boundedJson, type Json, metadataOf } from '../bounded-json.ts';
import { said } from '../field-schemas.ts';
import { type Drift, readEach } from '../read-record.ts';
import { inviteesOf } from './people.ts';
import { actionItemSchema, type Extensive, keyMomentSchema, type Row } from './schema.ts';

/** What the schema of a conversation has no place for. Links are left out: they follow from the ids. */
export function rowMetadata(row: Row, unknown: Readonly<Record<string, unknown>>): Record<string, Json | undefined> {
  return {
    platform: said(row.platform),
    mediaType: said(row.media_type),
    isApi: row.is_api ?? null,
    organizationId: said(row.organization_id),
    ownerId: said(row.owner_id),
    userId: said(row.user_guid),
    callId: said(row.call_id),
    accountId: said(row.account?.id),
    personId: said(row.person?.id),
    recordingId: said(row.recording?.id),
    transcriptionId: said(row.transcription?.id),
    recordingStarted: row.started_recording_at ?? null,
    other: boundedJson(unknown),
  };
}

function actionItemsOf({ action_items }: Extensive, drift: Drift): Content['metadata'] | null {
  if (!action_items) return null;
  const items = readEach(actionItemSchema, action_items.items, 'extensive.action_items.items[]', drift);
  return metadataOf({
    status: said(action_items.status),
    items: items.map((item) =>
      metadataOf({
        id: said(item.id),
        text: said(item.edited_text) ?? said(item.original_text),
        originalText: said(item.original_text),
        createdAt: said(item.created_at),
        updatedAt: said(item.updated_at),
      }),
    ),
  });
}

function keyMomentsOf({ key_moments }: Extensive, drift: Drift): Content['metadata'] | null {
  if (!key_moments) return null;
  const items = readEach(keyMomentSchema, key_moments.items, 'extensive.key_moments.items[]', drift);
  return metadataOf({
    status: said(key_moments.status),
    items: items.map((item) => metadataOf({ name: said(item.name), categories: boundedJson(item.categories) })),
  });
}

/** The provider's further AI output and links of the extensive answer. */
export function extensiveMetadata(extensive: Extensive, drift: Drift): Record<string, Json | undefined> {
  const { summary, meddpicc } = extensive;
  return {
    opportunityId: said(extensive.opportunity?.id),
    invitees: inviteesOf(extensive, drift).map(metadataOf),
    summary: metadataOf({ id: said(summary?.id), status: said(summary?.status), createdAt: said(summary?.created_at) }),
    actionItems: actionItemsOf(extensive, drift),
    keyMoments: keyMomentsOf(extensive, drift),
    meddpicc: metadataOf({ id: said(meddpicc?.id), categories: boundedJson(meddpicc?.categories) }),
  };
}
