import type { Store } from '#shared/storage/document-client.ts';

/** A bucket that takes everything at once, and has nothing. */
export const takingObjects = {
  send: (async () => ({})) as never,
  client: () => Promise.reject(new Error('no S3 here')),
};

/** A bucket in memory that gives back what it was given. */
export function keepingObjects(): Store['objects'] {
  const kept = new Map<unknown, Uint8Array>();
  const answer = ({ input }: { input: { Key?: string; Body?: unknown } }): object => {
    if (input.Body instanceof Uint8Array) kept.set(input.Key, input.Body);
    const bytes = kept.get(input.Key);
    return bytes ? { Body: { transformToByteArray: async () => bytes } } : {};
  };
  return { ...takingObjects, send: (async (command: { input: object }) => answer(command)) as never };
}

/**
 * A store whose calls return at once: what is measured with it is our own work up to the call. Reads find nothing, so
 * every record is a new one. `see` is shown every command.
 */
export function instantStore(see: (command: object) => void = () => {}): Store & { calls: Record<string, number> } {
  const calls: Record<string, number> = {};
  const documents = {
    send: async (command: { constructor: { name: string } }) => {
      const { name } = command.constructor;
      calls[name] = (calls[name] ?? 0) + 1;
      see(command);
      return name === 'UpdateCommand' ? { Attributes: {} } : {};
    },
  };
  // Only `send` is ever called on it.
  return {
    documents: documents as never,
    objects: takingObjects,
    table: 'bench',
    bucket: 'bench',
    calls,
  };
}
