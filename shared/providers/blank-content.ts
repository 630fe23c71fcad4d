import type { Content } from '#shared/domain/conversation.ts';

/** Content that says nothing: what an answer about single artifacts has beside them. */
export const blankContent: Content = {
  channel: 'unknown',
  direction: 'unknown',
  status: 'unknown',
  title: null,
  language: null,
  startedAt: null,
  endedAt: null,
  durationMs: null,
  providerCreatedAt: null,
  providerUpdatedAt: null,
  participants: [],
  sentiment: null,
  categories: [],
  talkTime: null,
  summary: null,
  metadata: {},
};
