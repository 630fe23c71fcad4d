/** What the machine's own clients sign with: they may do anything. The endpoints ask for a signature and do not verify it. */
export const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' } as const;

/** What somebody of this name signs with, by which the endpoints know who asks. */
export const credentialsOf = (name: string): { accessKeyId: string; secretAccessKey: string } => ({
  ...localCredentials,
  accessKeyId: name,
});
