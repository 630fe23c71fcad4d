import { createHash } from 'node:crypto';
import { connectionsFileSchema } from '#shared/domain/connections.ts';
import type { ProviderName, StoredConversation, StoredRecord } from '#shared/domain/conversation.ts';
import { identify } from '#shared/domain/identity.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { makeTranscript } from '#shared/domain/transcript.ts';
import { getItem, putVersion } from '#shared/storage/conversations.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { putMedia } from '#shared/storage/media-objects.ts';
import { participantRows, putParticipantRow } from '#shared/storage/participant-rows.ts';
import { epoch, recordOf } from '#test/support/records.ts';

/**
 * Two connections of each provider with the same external ids in both. Every text of a record begins with a canary word
 * that says of whose connection and of what kind it is, so that a scan of an answer tells what leaked.
 */

export const providers = ['vonage', 'talkdesk', 'salesloft', 'magpipe'] as const satisfies readonly ProviderName[];
export const now = epoch + 86_400_000;

/** The connection that a limited client may see, and the one of the same provider that it may not. */
export const ownOf = (provider: ProviderName): string => `${provider}-own`;
export const foreignOf = (provider: ProviderName): string => `${provider}-foreign`;
export const allConnections = providers.flatMap((provider) => [ownOf(provider), foreignOf(provider)]);

/** Words that stand in what a scope guards, as they begin in every record. */
export const canary = { said: 'CANARYSAID', summary: 'CANARYSUM', bytes: 'CANARYBYTES', fact: 'CANARYFACT' } as const;
/** Stands in everything of a connection that no limited client may see. */
export const foreignMark = 'FOREIGNMARK';

/** The connections file with these connections, and with clients of every kind that a scope makes. */
export const fileOf = (connections: readonly string[]) =>
  connectionsFileSchema.parse({
    connections: connections.map((id) => ({ id, provider: id.split('-')[0], credentials: { secret: 'x' } })),
    clients: [
      { clientId: 'all', scopes: ['interaction-content:read', 'operations:write'] },
      { clientId: 'reader', scopes: ['conversations:read'] },
      { clientId: 'public', scopes: ['interactions-public:read'] },
      { clientId: 'recordings', scopes: ['recordings:read'] },
      { clientId: 'operator', scopes: ['operations:write'] },
      ...providers.map((provider) => ({
        ...{ clientId: `only-${provider}`, scopes: ['interaction-content:read'], connections: [ownOf(provider)] },
      })),
    ].map((client) => ({ ...client, clientSecret: 's', perMinute: 1_000_000 })),
  });

/** External ids, the same in each connection: as the providers write them. */
const externalIds = ['0000aaaa-1111-4111-8111-00000000000', 'odd #/%00 id '];

/** The records of a connection: one with all there is, one without files and start that has an odd id. */
export function recordsOf(connection: string): StoredRecord[] {
  const mark = connection.endsWith('-foreign') ? foreignMark : 'own';
  const provider = providers.find((one) => connection.startsWith(one)) ?? 'vonage';
  return externalIds.map((prefix, i) => {
    const externalId = `${prefix}${providers.indexOf(provider)}`;
    const base = recordOf(externalId, {}, epoch, connection).conversation;
    const ready = { state: 'ready' as const, at: formatInstant(epoch + 60_000) };
    const conversation: StoredConversation = {
      ...base,
      ...identify(provider, connection, externalId),
      ...{ title: `${canary.fact} ${mark}`, startedAt: i === 0 ? formatInstant(epoch) : null },
      participants: [
        { id: null, role: 'customer', name: `${canary.fact} ${mark}`, phone: '+441632960111', email: null },
        {
          id: `agent-${mark}`,
          role: 'agent',
          name: `Ada ${mark}`,
          phone: '+441632960222',
          email: `ada@${mark}.example`,
        },
      ],
      ...{ summary: `${canary.summary} ${mark}`, metadata: { note: mark, ownerId: ownerId(mark) } },
      artifacts: { transcript: ready, summary: ready },
      media: i === 0 ? mediaOf(connection, externalId) : [],
    };
    return { conversation, transcript: saidIn(mark) };
  });
}

const ownerId = (mark: string): string =>
  mark === foreignMark ? 'ffffffff-ffff-4fff-8fff-ffffffffffff' : '11111111-1111-4111-8111-111111111111';

const saidIn = (mark: string) =>
  makeTranscript('en-GB', [
    {
      ...{ participant: 1, role: 'agent' as const, text: `${canary.said} ${mark}` },
      ...{ startMs: 420, endMs: 3_870, sentiment: null, intent: null },
    },
  ]);

/** The bytes of a connection's files. */
export const bytesOf = (connection: string): Buffer =>
  Buffer.from(`${canary.bytes} ${connection.endsWith('-foreign') ? foreignMark : 'own'}`);

function mediaOf(connection: string, externalId: string): StoredConversation['media'] {
  const body = bytesOf(connection);
  const facts = { bytes: body.length, sha512: createHash('sha512').update(body).digest('hex') };
  const object = (key: string) => `media/${connection}/${Buffer.from(externalId).toString('hex')}/${key}`;
  return [
    { ...facts, key: 'callRecording', kind: 'callRecording', contentType: 'audio/wav', object: object('a') },
    {
      ...facts,
      key: 'transcriptArtifact',
      kind: 'transcriptArtifact',
      contentType: 'application/json',
      object: object('b'),
    },
  ];
}

/** Stores all records of these connections, the rows by which participants are found, and the bytes of the files. */
export async function fill(store: Store, connections: readonly string[]): Promise<StoredRecord[]> {
  const records = connections.flatMap(recordsOf);
  for (const record of records) {
    const { uuid, media, connection } = record.conversation;
    await putVersion(store, record, 0);
    for (const { object, contentType } of media) await putMedia(store, object, bytesOf(connection), contentType);
    const rows = participantRows({ before: null, after: await getItem(store, uuid) }, now);
    for (const row of rows) await putParticipantRow(store, row);
  }
  return records;
}
