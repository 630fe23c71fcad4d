/** Fields of log lines that metrics are made of. Both the stacks and the functions read these names. */
export const logged = {
  connection: 'connection',
  /** artifacts that became overdue */
  overdue: 'overdueCount',
  /** why a webhook's delivery was not taken */
  refusal: 'refusal',
} as const;
