/** What of a conversation somebody looked at: its content, as opposed to its record. */
export type ReadKind = 'transcript' | 'vcon' | `media:${string}`;

/** One reading: who looked at what of which conversation. Its time is the log's. */
export type Reading = { client: string; conversation: string; kind: ReadKind };

/**
 * Leaves a line for each reading in a log group of its own, kept a year: who listened to what. Settles when the lines are
 * durable; content is sent only behind it, so that nobody reads unseen.
 */
export type ReadLog = { note: (readings: readonly Reading[]) => Promise<void> };
