/** The bus and what stands on it (design.md section 5). */
export const eventSource = 'earshot';

export const eventTypes = {
  discovered: 'earshot.conversation.discovered.v1',
  updated: 'earshot.conversation.updated.v1',
  transcriptReady: 'earshot.transcript.ready.v1',
  mediaStored: 'earshot.media.stored.v1',
  artifactOverdue: 'earshot.artifact.overdue.v1',
  completed: 'earshot.conversation.completed.v1',
  erased: 'earshot.conversation.erased.v1',
  degraded: 'earshot.connection.degraded.v1',
  recovered: 'earshot.connection.recovered.v1',
  windowVerified: 'earshot.window.verified.v1',
  windowGap: 'earshot.window.gap.v1',
  drift: 'earshot.provider.drift.v1',
} as const;
