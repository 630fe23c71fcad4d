/** What functions and clients sign with on one machine. The endpoints ask for a signature and take any. */
export const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' } as const;
