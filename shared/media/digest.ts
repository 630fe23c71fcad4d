import { createSHA512 } from 'hash-wasm';

/** A running SHA-512 that outlives its process: Node's own cannot be saved. */
export type Digest = {
  update: (bytes: Uint8Array) => void;
  /** what `openDigest` goes on from */
  save: () => Uint8Array<ArrayBuffer>;
  /** ends it */
  hex: () => string;
};

/** From the beginning, or from where another was saved. Throws where another build of hash-wasm has saved it. */
export async function openDigest(state: Uint8Array | null = null): Promise<Digest> {
  const hasher = await createSHA512();
  if (state === null) hasher.init();
  else hasher.load(state);
  return {
    update: (bytes) => void hasher.update(bytes),
    save: () => new Uint8Array(hasher.save()),
    hex: () => hasher.digest('hex'),
  };
}
