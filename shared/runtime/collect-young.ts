import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--expose-gc');
/** Only a context that is made behind the flag has the collector; `node:vm` is for nothing else here. */
const collect: unknown = process.getBuiltinModule('node:vm').runInNewContext('gc');

/**
 * Collects what was short-lived, in about a millisecond. V8 counts the 64 KB buffers of a connection outside of its heap
 * and lets 64 MB of them pile up before it looks: of a file of 1 GB that is four times what its copy needs.
 */
export function collectYoung(): void {
  if (typeof collect === 'function') collect({ type: 'minor' });
}
