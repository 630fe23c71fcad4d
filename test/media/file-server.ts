import type { StreamAnswer } from '#shared/http/open-stream.ts';
import type { MediaRequest, Place } from '#shared/ingest/media-session.ts';

/** One file at a provider, served in memory as RFC 9110 says, with what a test does to its requests and its bytes. */
export type FileServer = {
  open: (place: Place, request: MediaRequest) => Promise<StreamAnswer>;
  file: { bytes: Uint8Array; contentType: string; etag: string | null; isLengthHidden?: boolean };
  /** each request: `<path or link> <range or ->` */
  asked: string[];
  /** bytes that were handed out */
  served: number;
  /** may throw what the request is answered with */
  onOpen: (place: Place) => void | Promise<void>;
  /** called with the place in the file before each chunk; may break the connection by throwing */
  onChunk: (at: number) => void | Promise<void>;
};

const chunkBytes = 256 * 1024;

export function fileServer(): FileServer {
  const server: FileServer = {
    file: { bytes: Buffer.alloc(0), contentType: 'audio/wav', etag: '"one"' },
    asked: [],
    served: 0,
    onOpen: () => {},
    onChunk: () => {},
    open: async (place, { headers }) => {
      const name = place.from === 'account' ? place.path : place.href;
      server.asked.push(`${name} ${headers['range'] ?? '-'}`);
      await server.onOpen(place);
      const { file } = server;
      const from = file.etag !== null && headers['if-range'] === file.etag ? startOf(headers['range']) : 0;
      const body = async function* (): AsyncGenerator<Buffer, void> {
        for (let at = from; at < file.bytes.length; at += chunkBytes) {
          await server.onChunk(at);
          const bytes = Buffer.from(file.bytes.subarray(at, at + chunkBytes));
          server.served += bytes.length;
          yield bytes;
        }
      };
      return answerOf(file, from, body());
    },
  };
  return server;
}

const startOf = (range: string | undefined): number => Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);

function answerOf(file: FileServer['file'], from: number, body: AsyncGenerator<Buffer, void>): StreamAnswer {
  const { length } = file.bytes;
  const isPart = from > 0;
  return {
    status: isPart ? 206 : 200,
    headers: {
      'content-type': file.contentType,
      ...(file.isLengthHidden ? { 'transfer-encoding': 'chunked' } : { 'content-length': String(length - from) }),
      ...(file.etag !== null && { etag: file.etag }),
      ...(isPart && { 'content-range': `bytes ${from}-${length - 1}/${length}` }),
    },
    body,
    url: new URL('https://files.example/x'),
    sentAt: 0,
    servedAt: 0,
    discard: () => {},
  };
}
