/** Whether a path is the audit's. */
export const speaksAudit = (path: string): boolean => /^\/v1\/audit\/?$/.test(path);
