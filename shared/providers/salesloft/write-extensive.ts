import type { Content, StoredConversation } from '#shared/domain/conversation.ts';
import { keptObject, keptObjects, keptText } from '../kept-fields.ts';
import { standIn } from '../stand-in.ts';
import type { WireExtensive } from './wire.ts';
import { referenceTo, type Shown, writeConversation } from './write.ts';
import { peopleOf } from './write-people.ts';

/** `/extensive`: the row, its people and the provider's AI output. `content`: whether the summary may be seen. */
export function writeExtensive(
  conversation: StoredConversation,
  { content, ...shown }: Shown & { content: boolean },
): WireExtensive {
  const { ownerEmail, attendees } = peopleOf(conversation);
  const own = conversation.provider === 'salesloft' ? conversation.metadata : {};
  return {
    ...writeConversation(conversation, shown),
    owner_email: ownerEmail,
    opportunity: referenceTo(`${shown.base}/opportunities`, keptText(own, 'opportunityId')),
    attendees,
    invitees: keptObjects(own, 'invitees').map((invitee) => ({
      full_name: keptText(invitee, 'name') ?? '',
      email: keptText(invitee, 'email') ?? '',
    })),
    ...(content && { summary: summaryOf(conversation) }),
    action_items: actionItemsOf(own),
    key_moments: keyMomentsOf(own),
    meddpicc: meddpiccOf(own),
  };
}

type Summary = NonNullable<WireExtensive['summary']> | null;

const summaryOf = (conversation: StoredConversation): Summary =>
  conversation.provider === 'salesloft' ? ownSummary(conversation) : foreignSummary(conversation);

function ownSummary({ summary, metadata }: StoredConversation): Summary {
  const kept = keptObject(metadata, 'summary');
  if (summary === null && kept === null) return null;
  return {
    id: kept && keptText(kept, 'id'),
    text: summary,
    status: kept && keptText(kept, 'status'),
    created_at: kept && keptText(kept, 'createdAt'),
  };
}

const mayStillCome: ReadonlySet<string | undefined> = new Set(['pending', 'overdue']);

/** "None yet" is null and "there is none" says so, for whoever waits for it. */
function foreignSummary({ summary, uuid, artifacts }: StoredConversation): Summary {
  if (summary === null && mayStillCome.has(artifacts['summary']?.state)) return null;
  const status = summary === null ? 'unavailable' : 'completed';
  return { id: standIn(uuid, 'summary'), text: summary, status, created_at: null };
}

function actionItemsOf(own: Content['metadata']): WireExtensive['action_items'] {
  const kept = keptObject(own, 'actionItems');
  if (kept === null) return null;
  const items = keptObjects(kept, 'items').map((item) => {
    const [text, original] = [keptText(item, 'text'), keptText(item, 'originalText')];
    return {
      id: keptText(item, 'id'),
      original_text: original,
      edited_text: text === original ? null : text,
      created_at: keptText(item, 'createdAt'),
      updated_at: keptText(item, 'updatedAt'),
    };
  });
  return { status: keptText(kept, 'status'), items };
}

function keyMomentsOf(own: Content['metadata']): WireExtensive['key_moments'] {
  const kept = keptObject(own, 'keyMoments');
  if (kept === null) return null;
  const items = keptObjects(kept, 'items').map((item) => ({
    name: keptText(item, 'name'),
    categories: item['categories'] ?? null,
  }));
  return { status: keptText(kept, 'status'), items };
}

function meddpiccOf(own: Content['metadata']): WireExtensive['meddpicc'] {
  const kept = keptObject(own, 'meddpicc');
  return kept && { id: keptText(kept, 'id'), categories: kept['categories'] ?? null };
}
