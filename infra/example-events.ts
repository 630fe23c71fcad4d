import { stateEvent } from '#shared/domain/connection-events.ts';
import type { StoredConversation } from '#shared/domain/conversation.ts';
import { conversationEvents, erasedEvent } from '#shared/domain/conversation-events.ts';
import { driftEvent } from '#shared/domain/drift.ts';
import type { EarshotEvent } from '#shared/domain/events.ts';
import { identify } from '#shared/domain/identity.ts';
import { windowEvent } from '#shared/domain/window-events.ts';

/** An invented conversation and an invented connection, and the events that they would make: one of each type. */

const [connection, provider] = ['support-emea', 'vonage'] as const;
const { externalId, ...identity } = identify(provider, connection, '0164705c-c206-dce9-d61a-9899855326a0');
const at = '2026-03-02T09:20:00.000Z';
const pending = { state: 'pending', at } as const;
const ready = { state: 'ready', at } as const;

const discovered: StoredConversation = {
  ...identity,
  externalId,
  ...{ channel: 'voice', direction: 'inbound', status: 'completed', title: null, language: 'en-GB' },
  ...{ startedAt: '2026-03-02T09:14:07.000Z', endedAt: null, durationMs: null },
  ...{ providerCreatedAt: null, providerUpdatedAt: null, participants: [], categories: [], metadata: {} },
  ...{ sentiment: null, talkTime: null, summary: null, source: 'present', stamp: null },
  ...{ version: 1, observedAt: at, updatedAt: at, firstSeenAt: at, completedVersion: null },
  artifacts: { transcript: pending, summary: pending, 'media:callRecording': pending },
  ...{ media: [], files: [] },
};

const complete: StoredConversation = {
  ...discovered,
  ...{ version: 2, updatedAt: '2026-03-02T09:36:00.000Z', completedVersion: 2 },
  artifacts: { transcript: ready, summary: { state: 'overdue', at }, 'media:callRecording': ready },
  media: [
    {
      ...{ key: 'callRecording', kind: 'callRecording', contentType: 'audio/wav', bytes: 1_984_044 },
      ...{ sha512: 'not shown', object: 'not shown' },
    },
  ],
};

const run = { connection, provider, stream: 'interactions', lastSuccessAt: Date.parse('2026-03-02T12:00:00.000Z') };
const reading = { connection, provider, hour: '2026-03-02T09:00:00.000Z', readAt: '2026-03-03T09:00:00.000Z' };

/** One event of each type at least, made by what makes the real ones. */
export const exampleEvents: readonly EarshotEvent[] = [
  ...conversationEvents({ before: null, after: discovered, transcriptChanged: false }),
  ...conversationEvents({ before: discovered, after: complete, transcriptChanged: true }),
  erasedEvent({ ...identity, version: 3, erasedAt: '2026-06-01T00:00:00.000Z' }),
  stateEvent({
    ...{ ...run, change: 1, failures: 1 },
    lastError: { code: 'CredentialsRejected', at: Date.parse('2026-03-02T11:00:00.000Z') },
  }),
  stateEvent({ ...run, change: 2, failures: 0, lastError: null }),
  windowEvent({ ...reading, reading: 1, listed: 113, stored: 112, missing: 1, missingIds: [externalId] }),
  windowEvent({ ...reading, reading: 2, listed: 113, stored: 113, missing: 0, missingIds: [] }),
  driftEvent({ connection, provider, field: 'channels[].mood', at }),
];
