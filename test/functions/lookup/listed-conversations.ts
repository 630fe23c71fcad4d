import { beforeAll } from 'vitest';
import { channels, directions, type StoredConversation } from '#shared/domain/conversation.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import type { Participant } from '#shared/domain/participant.ts';
import { getItem } from '#shared/storage/conversations.ts';
import { participantRows, putParticipantRow } from '#shared/storage/participant-rows.ts';
import { epoch } from '#test/support/records.ts';
import { clock, put, setUpLookupTable, store } from './lookup-table.ts';

/**
 * What the tests of lists and their parameters read: many conversations over three connections that share each of their
 * fields with others, and their rows by participant as the function that follows the stream writes them.
 */
export const all: StoredConversation[] = [];

const count = 80;

/** People who are known here and there in another spelling. */
const people: readonly (readonly Pick<Participant, 'id' | 'phone' | 'email'>[])[] = [
  [
    { id: null, phone: '+44 1632 960-111', email: null },
    { id: '2071', phone: '+441632960111', email: 'Ann@Example.com' },
    { id: null, phone: '00441632960111', email: 'ann@example.com' },
  ],
  [
    { id: 'agent:7/é', phone: null, email: null },
    { id: 'agent:7/é', phone: '2071', email: 'ANN@EXAMPLE.COM' },
  ],
  [{ id: 'rare', phone: '(020) 7946 0000', email: null }],
];

const partOf = <T>(values: readonly T[], i: number): T | null => values[i % (values.length + 1)] ?? null;

function participantsOf(i: number): Participant[] {
  const persons = [people[0]?.[i % 4], people[1]?.[(i * 5) % 3], i % 16 === 2 ? people[2]?.[0] : undefined];
  return persons.flatMap((one) => (one ? [{ role: 'unknown' as const, name: null, ...one }] : []));
}

function sentimentOf(i: number): StoredConversation['sentiment'] {
  const score = partOf([-1, -0.25, 0, 0.5], i * 3);
  return i % 4 === 3 ? null : { score, label: null, distribution: null, overTime: null, original: null };
}

function factsOf(i: number): Partial<StoredConversation> {
  const at = formatInstant(epoch);
  return {
    channel: channels[i % 2] ?? 'voice',
    direction: directions[i % 3] ?? 'inbound',
    startedAt: i % 9 === 4 ? null : formatInstant(epoch + ((i * 7) % 10) * 1_000),
    updatedAt: formatInstant(epoch + ((i * 11) % 13) * 1_000),
    language: partOf(['en-GB', 'EN-gb', 'de'], i),
    title: partOf(['Refund 100%', 'refund of Ärger', 'Demo'], i * 3),
    durationMs: partOf([0, 60_000, 61_500], i * 7),
    sentiment: sentimentOf(i),
    categories: [
      { group: 'Tone', name: 'polite', matches: 1 },
      { group: null, name: 'Tone/polite', matches: null },
    ].slice(i % 3),
    artifacts: {
      transcript: { state: i % 2 === 0 ? 'ready' : 'pending', at },
      ...(i % 5 === 0 && { 'media:a:b': { state: 'absent', at, reason: 'notFound' } }),
    },
    participants: participantsOf(i),
  };
}

/** To be called once by a test file: opens all this before its tests and closes it behind them. */
export function setUpListedConversations(): void {
  setUpLookupTable();
  beforeAll(async () => {
    all.length = 0;
    clock.now = epoch + 600_000;
    for (let i = 0; i < count; i += 1) {
      const connection = i % 3 === 0 ? 'sales' : i % 7 === 1 ? 'paused' : 'support';
      const provider = connection === 'sales' ? ('salesloft' as const) : ('talkdesk' as const);
      all.push(await put(connection, `${i}`, { provider, ...factsOf(i) }));
    }
    // Not settled yet: no list by `updatedAt` may show it.
    all.push(await put('support', 'young', { ...factsOf(0), updatedAt: formatInstant(clock.now - 9_999) }));
    for (const { uuid } of all) {
      const rows = participantRows({ before: null, after: await getItem(store, uuid) }, clock.now);
      await Promise.all(rows.map((row) => putParticipantRow(store, row)));
    }
  });
}
