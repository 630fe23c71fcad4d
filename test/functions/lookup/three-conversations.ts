import { beforeAll } from 'vitest';
import type { StoredConversation } from '#shared/domain/conversation.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { makeTranscript } from '#shared/domain/transcript.ts';
import { epoch } from '#test/support/records.ts';
import { clock, put, setUpLookupTable } from './lookup-table.ts';

/** What the tests of single conversations read. The clock stands 10 minutes behind the first sight of each. */

/** with everything: summary, recording, transcript */
export let call1: StoredConversation;
/** of another connection and provider */
export let foreign: StoredConversation;
/** with an id that must be encoded, and without a transcript */
export let odd: StoredConversation;

export const said = makeTranscript('en-GB', [
  {
    participant: 0,
    role: 'agent',
    text: 'Hello <b> --> & you',
    startMs: 0,
    endMs: 900,
    sentiment: 'neutral',
    intent: null,
  },
  { participant: null, role: 'customer', text: 'Hi', startMs: 1_000, endMs: null, sentiment: null, intent: null },
]);

/** To be called once by a test file: opens all this before its tests and closes it behind them. */
export function setUpThreeConversations(): void {
  setUpLookupTable();
  beforeAll(async () => {
    clock.now = epoch + 600_000;
    const media = [
      { key: 'recording-1', kind: 'recording', contentType: 'audio/mpeg', bytes: 5, sha512: 'ab', object: 'media/o' },
    ];
    const artifacts = {
      transcript: { state: 'ready' as const, at: formatInstant(epoch) },
      'media:recording-1': { state: 'pending' as const, at: formatInstant(epoch), reason: 'notAsked' },
    };
    call1 = await put('support', 'call/1', { summary: 'They talked.', media, artifacts }, said);
    odd = await put('support', '#\0/../%2F,日本 𝕏');
    foreign = await put('sales', '77', { provider: 'salesloft', startedAt: formatInstant(epoch - 5_000) }, said);
  });
}

export const path = (id: string) => `/v1/conversations/${encodeURIComponent(id)}`;
