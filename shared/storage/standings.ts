import type { ProviderName, StoredConversation } from '#shared/domain/conversation.ts';
import {
  type Known,
  type LedgerStamp,
  type QuarantinedIn,
  type Standings,
  stampOf,
  standingOf,
} from '#shared/domain/hour-books.ts';
import { identify } from '#shared/domain/identity.ts';
import { hourOf } from '#shared/domain/ledger.ts';
import { type ConversationItem, unpackRecord } from './conversation-item.ts';
import { readKnown } from './conversations.ts';
import type { Store } from './document-client.ts';
import { listQuarantined } from './read-quarantine.ts';
import { datedSpan, type IndexRead, walkIndex } from './walk-index.ts';

const toKnown = (conversation: StoredConversation, stamp: LedgerStamp): Known => {
  const at = stampOf(conversation, stamp);
  return {
    standing: standingOf(conversation),
    hour: at === null ? null : hourOf(at),
    observedAt: Date.parse(conversation.observedAt),
  };
};

/** What the rows of a time index tell, by external id. */
export const knownIn = (items: readonly ConversationItem[], stamp: LedgerStamp): [string, Known][] =>
  items.map((item) => {
    const conversation = unpackRecord(item);
    return [conversation.externalId, toKnown(conversation, stamp)];
  });

/** What a time index holds of a span, both ends included: a query a megabyte. */
export async function indexedStandings(
  store: Pick<Store, 'documents' | 'table'>,
  connection: string,
  { index, from, to, stamp }: Pick<IndexRead, 'index'> & { from: number; to: number; stamp: LedgerStamp },
): Promise<Standings> {
  const found = new Map<string, Known>();
  for await (const items of walkIndex(store, connection, { index, span: datedSpan(from, to), carries: 'record' })) {
    for (const [id, known] of knownIn(items, stamp)) found.set(id, known);
  }
  return found;
}

type Account = { provider: ProviderName; connection: string };

/** The same by their ids, strongly consistent; what was erased or has expired is there too. */
export async function standingsOf(
  store: Store,
  { provider, connection }: Account,
  ids: readonly string[],
  stamp: LedgerStamp = 'startedAt',
): Promise<Standings> {
  const uuids = new Map(ids.map((id) => [identify(provider, connection, id).uuid, id]));
  const known = await readKnown(store, [...uuids.keys()], true);
  const found = new Map<string, Known>();
  for (const [uuid, one] of known) {
    const id = uuids.get(uuid) ?? '';
    if ('end' in one) found.set(id, { standing: { state: one.end }, hour: null, observedAt: 0 });
    else found.set(id, toKnown(one.conversation, stamp));
  }
  return found;
}

/** All that is quarantined of a connection, a page at a time. */
export async function* walkQuarantined(
  store: Pick<Store, 'documents' | 'table'>,
  connection: string,
): AsyncGenerator<QuarantinedIn[]> {
  let after: string | null = null;
  do {
    const { entries, next } = await listQuarantined(store, connection, { after, limit: 1_000 });
    yield entries.map(({ externalId, listedAt, at }) => ({ externalId, hour: hourOf(Date.parse(listedAt ?? at)) }));
    after = next;
  } while (after !== null);
}

/** All of them. */
export async function quarantinedHours(
  store: Pick<Store, 'documents' | 'table'>,
  connection: string,
): Promise<QuarantinedIn[]> {
  const found: QuarantinedIn[] = [];
  for await (const page of walkQuarantined(store, connection)) found.push(...page);
  return found;
}
