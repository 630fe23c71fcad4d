/** Whether a path is one of operations, also one that does not exist. */
export const speaksOperations = (path: string): boolean =>
  /^\/v1\/(backfills|erasures|replays|redrives|reprocess)(\/|$)/.test(path);
