/** Fields of log lines that metrics are made of. Both the stacks and the functions read these names. */
export const logged = {
  connection: 'connection',
  /** artifacts that became overdue */
  overdue: 'overdueCount',
  /** 1 where a connection's stream is degraded behind the run */
  degraded: 'degradedCount',
  /** 1 where nothing comes from a connection though history says that there should be some */
  silent: 'silentCount',
  /** 1 for a conversation that changes for ever, once a day */
  restless: 'restlessCount',
  /** records that were set aside because they could not be understood */
  quarantined: 'quarantinedCount',
  /** ids that a provider lists and did not give when it was asked for them */
  gapsLeft: 'gapsLeftCount',
  /** files that are not copied and will not be: refused, too large, damaged */
  notCopied: 'notCopiedCount',
  /** why a webhook's delivery was not taken */
  refusal: 'refusal',
} as const;

/** Message of the line with which an invocation fails that has nobody else to tell. */
export const failedMessage = 'failed';
