import type { Chunk, Downloaded } from '#shared/http/download.ts';
import type { FileVersion } from '#shared/http/download-answer.ts';

/**
 * A whole part and the version of the file that it is of; word that the parts before are void; or at last what is left,
 * which may be nothing or a part's length, with what was learned of the file.
 */
export type CutPart = { bytes: Buffer; of: FileVersion } | { restart: true } | { bytes: Buffer; file: Downloaded };

/**
 * Cuts what comes from the network into parts of one length. Two buffers are used in turn: a part stays as it is until
 * the next but one is asked for, so one can go up while the other is filled. A part is given out when more follows.
 * `beat` is called with each chunk.
 */
export async function* cutParts(
  chunks: AsyncGenerator<Chunk, Downloaded, void>,
  partBytes: number,
  beat: () => Promise<void>,
): AsyncGenerator<CutPart, void, void> {
  // Memory that nothing is written to costs none, so a small file does not pay for the length of a part.
  let filling: Buffer = Buffer.allocUnsafeSlow(partBytes);
  let other: Buffer | null = null;
  let filled = 0;
  try {
    for (;;) {
      const next = await chunks.next();
      if (next.done) {
        yield { bytes: filling.subarray(0, filled), file: next.value };
        return;
      }
      await beat();
      if ('restart' in next.value) {
        filled = 0;
        yield next.value;
        continue;
      }
      const { of } = next.value;
      for (let { bytes } = next.value; bytes.length > 0; ) {
        if (filled === partBytes) {
          yield { bytes: filling, of };
          [filling, other, filled] = [other ?? Buffer.allocUnsafeSlow(partBytes), filling, 0];
        }
        const taken = bytes.copy(filling, filled);
        filled += taken;
        bytes = bytes.subarray(taken);
      }
    }
  } finally {
    await chunks.return(undefined as never); // ends the connection; the value is nobody's
  }
}
