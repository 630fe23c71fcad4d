import { AwsError } from '../aws-error.ts';
import { splitOnce } from './request.ts';

const maxLineBytes = 8 * 1024;

/**
 * Takes the chunk framing of an `aws-chunked` body off: `<hex size>[;extension]\r\n<bytes>\r\n … 0\r\n<trailers>\r\n`.
 * Yields the object's bytes and puts the trailers, lower-case names, into `trailers` before it ends.
 * Throws IncompleteBody for a body that stops early and InvalidRequest for broken framing.
 */
export async function* decodeAwsChunked(
  source: AsyncIterable<Buffer>,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
  const input = byteReader(source);
  for (;;) {
    const line = await input.line();
    const [size] = splitOnce(line, ';');
    if (!/^[0-9a-f]{1,12}$/i.test(size)) throw new AwsError('InvalidRequest', 'a chunk does not begin with its size');
    let left = Number.parseInt(size, 16);
    if (left === 0) break;
    while (left > 0) {
      const bytes = await input.take(left);
      left -= bytes.length;
      yield bytes;
    }
    if ((await input.line()) !== '') throw new AwsError('InvalidRequest', 'a chunk is longer than its size');
  }
  for (let line = await input.line(); line !== ''; line = await input.line()) {
    const [name, value] = splitOnce(line, ':');
    trailers.set(name.trim().toLowerCase(), value.trim());
  }
}

function byteReader(source: AsyncIterable<Buffer>) {
  const chunks = source[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);

  async function more(): Promise<Buffer> {
    const next = await chunks.next();
    if (next.done) throw new AwsError('IncompleteBody', 'the body ends before its last chunk');
    return next.value;
  }

  return {
    /** the next line without its CRLF */
    async line(): Promise<string> {
      let end = held.indexOf('\r\n');
      while (end < 0) {
        if (held.length > maxLineBytes) throw new AwsError('InvalidRequest', 'a chunk header has no end');
        held = Buffer.concat([held, await more()]);
        end = held.indexOf('\r\n');
      }
      const line = held.toString('latin1', 0, end);
      held = held.subarray(end + 2);
      return line;
    },
    /** between one and `limit` bytes */
    async take(limit: number): Promise<Buffer> {
      while (held.length === 0) held = await more();
      const bytes = held.subarray(0, limit);
      held = held.subarray(bytes.length);
      return bytes;
    },
  };
}
