import { setFlagsFromString } from 'node:v8';
// biome-ignore lint/style/noRestrictedImports: the only way to the collector of a process that was started without a flag
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

/**
 * Collects what was short-lived, in about a millisecond. V8 counts the 64 KB buffers of a connection outside of its heap
 * and lets 64 MB of them pile up before it looks: of a file of 1 GB that is four times what its copy needs.
 */
export function collectYoung(): void {
  if (typeof collect === 'function') collect({ type: 'minor' });
}
