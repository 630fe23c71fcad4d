import type { Conversation } from '#shared/domain/conversation.ts';
import type { Books } from '#shared/domain/hour-books.ts';
import type { Transcript } from '#shared/domain/transcript.ts';

/** What the page reads of the API's answers. A test holds each against the schema that writes it. */

export type { Conversation, Transcript };

export type ConversationPage = { conversations: Conversation[]; nextCursor: string | null };

export type Version = { version: number; at: string; cause: string; changed: string[] };

export type ConnectionState = {
  id: string;
  provider: string;
  state: 'healthy' | 'degraded' | 'stopped';
  watermark: string | null;
  lagMs: number | null;
  lastSuccessAt: string | null;
  lastError: { code: string; at: string; advice: string } | null;
  silentSince: string | null;
  counts: { stored: number; quarantined: number };
  budget: { remaining: number | null; resetsAt: string | null };
};

export type AuditHour = Books & {
  connection: string;
  hour: string;
  verifiedAt: string | null;
  computedAt: string | null;
};

export const operationKinds = ['backfills', 'replays', 'reprocess', 'redrives', 'erasures'] as const;
export type OperationKind = (typeof operationKinds)[number];

export type Operation = {
  id: string;
  kind: OperationKind;
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  createdAt: string;
  request: unknown;
  progress: { done: number; total: number | null };
  estimateSeconds: number | null;
  result: unknown;
  error: { code: string; message: string } | null;
};

export type MediaLink = { href: string; expiresAt: string };
