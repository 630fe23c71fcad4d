/** Seconds till a failed job is tried again: a minute after its first receipt, then four times as long each time. */
export const retrySeconds = (receipts: number): number => Math.min(43_200, 60 * 4 ** Math.max(0, (receipts || 1) - 1));
