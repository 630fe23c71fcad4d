import { logged } from '#shared/facts/logged.ts';
import { pollStream, type Run, type RunSummary } from '#shared/ingest/poll-stream.ts';
import { errorFields } from '#shared/runtime/error-fields.ts';
import { type LogFields, logError, logInfo } from '#shared/runtime/log.ts';
import { tellRestless } from '#shared/runtime/tell-restless.ts';

/** Reads a connection's streams one after the other, a summary line each. One that fails does not stop the next. */
export async function pollConnection(run: Omit<Run, 'stream'>): Promise<RunSummary[]> {
  const summaries: RunSummary[] = [];
  for (const stream of run.connector.streams) {
    const begun = run.now();
    const summary = await pollStream({ ...run, stream, onRestless: tellRestless(run.connection.id) });
    summaries.push(summary);
    report({ connection: run.connection.id, stream: stream.name, runMs: run.now() - begun }, summary);
  }
  return summaries;
}

function report(run: { connection: string; stream: string; runMs: number }, summary: RunSummary): void {
  const { stopped, counts, pages, due, overdue, drift, degraded, silent, verified, error } = summary;
  const fields: LogFields = {
    ...run,
    stopped,
    pageCount: pages,
    dueCount: due,
    [logged.overdue]: overdue,
    discoveredCount: counts.discovered,
    updatedCount: counts.updated,
    unchangedCount: counts.unchanged,
    erasedCount: counts.erased,
    [logged.quarantined]: counts.quarantined,
    [logged.degraded]: degraded ? 1 : 0,
    [logged.silent]: silent ? 1 : 0,
    driftCount: drift.size,
    verifiedHourCount: verified.hours,
    gapCount: verified.gaps,
    [logged.gapsLeft]: verified.gapsLeft,
    unreadableCount: verified.unreadable,
  };
  if (error === null) logInfo('polled', fields);
  else logError('poll failed', { ...fields, ...errorFields(error) });
}
