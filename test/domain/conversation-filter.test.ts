import { describe, expect, it } from 'vitest';
import { type ConversationFilter, matcherOf } from '#shared/domain/conversation-filter.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { epoch, recordOf } from '#test/support/records.ts';

const { conversation: plain } = recordOf('c1');
const at = formatInstant(epoch);
const conversation = {
  ...plain,
  ...{ startedAt: at, updatedAt: at, durationMs: 1_000, language: 'en-GB', title: 'Über uns' },
  sentiment: { score: -0.5, label: null, distribution: null, overTime: null, original: null },
  categories: [{ group: 'Tone', name: 'polite/kind', matches: 1 }],
  artifacts: { transcript: { state: 'pending' as const, at } },
  participants: [{ id: 'a', role: 'agent' as const, name: 'Ann', phone: '+441632960111', email: null }],
};
const bare = {
  ...conversation,
  ...{ startedAt: null, durationMs: null, language: null, title: null, sentiment: null },
  ...{ categories: [], participants: [], artifacts: {} },
};

describe('a filter', () => {
  it.each<ConversationFilter>([
    { language: 'EN-gb' },
    { titlePrefix: 'üBER' },
    { participant: ' 441632960111' },
    { startedFrom: at },
    { startedTo: formatInstant(epoch + 1) },
    { updatedSince: at, updatedBefore: formatInstant(epoch + 1) },
    { minDurationMs: 1_000, maxDurationMs: 1_000 },
    { minSentiment: -0.5, maxSentiment: -0.5 },
    { category: 'polite/kind' },
    { category: 'Tone/polite/kind' },
    { artifact: { kind: 'transcript', state: 'pending' } },
  ])('%j lets through what has it', (filter) => {
    expect(matcherOf(filter)?.(conversation)).toBe(true);
  });

  it.each<ConversationFilter>([
    { language: 'en' },
    { titlePrefix: 'uns' },
    { participant: 'Ann' },
    { startedFrom: formatInstant(epoch + 1) },
    { startedTo: at },
    { updatedSince: formatInstant(epoch + 1) },
    { updatedBefore: at },
    { minDurationMs: 1_001 },
    { maxDurationMs: 999 },
    { minSentiment: -0.49 },
    { maxSentiment: -0.51 },
    { category: 'Tone' },
    { artifact: { kind: 'transcript', state: 'ready' } },
    { artifact: { kind: 'constructor', state: 'ready' } },
    { language: 'en-GB', minDurationMs: 1_001 },
  ])('%j keeps out what has not', (filter) => {
    expect(matcherOf(filter)?.(conversation)).toBe(false);
  });

  it.each<ConversationFilter>([
    { language: 'en' },
    { titlePrefix: '' },
    { participant: 'a' },
    { startedFrom: '0' },
    { startedTo: '9' },
    { minDurationMs: 0 },
    { maxDurationMs: 9 },
    { minSentiment: -1 },
    { maxSentiment: 1 },
    { category: 'x' },
  ])('%j keeps out what is null', (filter) => {
    expect(matcherOf(filter)?.(bare)).toBe(false);
  });

  it('that asks nothing is none', () => {
    expect(matcherOf({})).toBeUndefined();
  });
});
