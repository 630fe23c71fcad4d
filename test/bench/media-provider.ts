import { type ByteSource, madeBytes } from '#infra/local/fakes/byte-source.ts';
import { type FakeRequest, pathOf } from '#infra/local/fakes/exchange.ts';
import type { FaultPlan } from '#infra/local/fakes/faults/fault.ts';
import { type FakeProvider, fakeProvider } from '#infra/local/fakes/provider.ts';
import { type ServedFile, serveBytes } from '#infra/local/fakes/serve-bytes.ts';
import { windowLimit } from '#infra/local/fakes/window-limit.ts';
import { benchNow } from './shape.ts';

export const benchBytes = (length: number): ByteSource => madeBytes('bench', length);

/** Where the provider at this origin serves a file of that many bytes. */
export const benchHref = (origin: string, length: number): string => `${origin}/${length}`;

/** A provider of files with a strong ETag, of any length, that costs nothing to be asked. */
export function mediaProvider(faults: FaultPlan = []): FakeProvider {
  const fileOf = (request: FakeRequest): ServedFile => {
    const length = Number(pathOf(request).slice(1));
    return { bytes: benchBytes(length), contentType: 'audio/wav', etag: '"1"' };
  };
  return fakeProvider({
    now: () => benchNow,
    answer: (request) => serveBytes(request, fileOf(request)),
    meter: windowLimit(
      undefined,
      () => true,
      () => ({ status: 429, headers: {}, body: '' }),
    ),
    faults,
  });
}
