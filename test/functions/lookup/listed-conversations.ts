import { beforeAll } from 'vitest';
import { channels, directions, type StoredConversation } from '#shared/domain/conversation.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { epoch } from '#test/support/records.ts';
import { clock, put } from './lookup-table.ts';

/** What the tests of lists and their parameters read: many conversations that share each of their fields with others. */
export const all: StoredConversation[] = [];

beforeAll(async () => {
  clock.now = epoch + 600_000;
  for (let i = 0; i < 40; i += 1) {
    const sales = i % 3 === 0;
    all.push(
      await put(sales ? 'sales' : 'support', `${i}`, {
        provider: sales ? 'salesloft' : 'talkdesk',
        channel: channels[i % 2] ?? 'voice',
        direction: directions[i % 3] ?? 'inbound',
        startedAt: i % 9 === 4 ? null : formatInstant(epoch + ((i * 7) % 10) * 1_000),
        updatedAt: formatInstant(epoch + ((i * 11) % 13) * 1_000),
      }),
    );
  }
  // Not settled yet: no list by `updatedAt` may show it.
  all.push(await put('support', 'young', { updatedAt: formatInstant(clock.now - 9_999) }));
});
