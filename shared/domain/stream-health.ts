/** Failed runs in a row after which what a connection reads counts as degraded. */
const failuresToDegraded = 3;

/** Whether one kind of record of a connection is being read, and how often that has changed. */
export type StreamHealth = {
  lastError: { code: string; at: number } | null;
  /** failed runs since the last good one */
  failures: number;
  /** what was told last; a write before it was kept says false */
  degraded: boolean;
  /** changes of `degraded` so far */
  changes: number;
};

/** At once on rejected credentials, else after three failed runs; and then until a run succeeds. */
export const isDegraded = ({ lastError, failures, degraded }: Omit<StreamHealth, 'changes'>): boolean =>
  lastError !== null && (degraded || lastError.code === 'CredentialsRejected' || failures >= failuresToDegraded);

/** What a run's end makes of the state; `change` is the number of the change where it made one. */
export function healthAfter(
  known: Pick<StreamHealth, 'degraded' | 'changes'>,
  end: Pick<StreamHealth, 'lastError' | 'failures'>,
): Pick<StreamHealth, 'degraded' | 'changes'> & { change?: number } {
  const degraded = isDegraded({ ...end, degraded: known.degraded });
  if (degraded === known.degraded) return { degraded, changes: known.changes };
  const changes = known.changes + 1;
  return { degraded, changes, change: changes };
}
