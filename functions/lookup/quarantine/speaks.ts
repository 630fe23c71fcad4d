/** Whether a path is one of the quarantine, also one that does not exist. */
export const speaksQuarantine = (path: string): boolean => /^\/v1\/quarantine(\/|$)/.test(path);
