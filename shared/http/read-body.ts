import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw, type ZlibOptions } from 'node:zlib';
import { ResponseInvalid } from '#shared/domain/errors.ts';

type Inflate = (bytes: Buffer, options: ZlibOptions) => Promise<Buffer>;

const gzip: Inflate = promisify(gunzip);
const brotli: Inflate = promisify(brotliDecompress);
const zlibDeflate: Inflate = promisify(inflate);
const rawDeflate: Inflate = promisify(inflateRaw);

/** "deflate" means the zlib format, but some servers send it bare; the zlib header's low nibble is always 8. */
const deflate: Inflate = (bytes, options) =>
  ((bytes[0] ?? 0) & 0x0f) === 8 ? zlibDeflate(bytes, options) : rawDeflate(bytes, options);

const encodings = new Map<string, Inflate>([
  ['gzip', gzip],
  ['x-gzip', gzip],
  ['deflate', deflate],
  ['br', brotli],
]);

/** What `readBody` understands. */
export const acceptEncoding = 'gzip, deflate, br';

type Description = {
  label: string;
  encoding: string | undefined;
  contentLength: string | undefined;
  /** most bytes, both as sent and after inflating */
  maxBytes: number;
};

/**
 * The whole body, inflated. Throws ResponseInvalid where it is larger than allowed, in an encoding that we did not ask
 * for, or cut; faults of the connection pass through as they are.
 */
export async function readBody(stream: AsyncIterable<Buffer>, description: Description): Promise<Buffer> {
  const { label, maxBytes } = description;
  const tooLarge = (): ResponseInvalid => new ResponseInvalid(`${label}: body of more than ${maxBytes} bytes`);
  const announced = Number(description.contentLength ?? 0) > maxBytes;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    // Leaving the loop by an error closes the connection: what is left of the body is never received.
    if (announced || size > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  const raw = Buffer.concat(chunks, size);
  const encoding = description.encoding?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity' || encoding === '' || size === 0) return raw;
  const decode = encodings.get(encoding);
  if (!decode) throw new ResponseInvalid(`${label}: content encoding not asked for`);
  try {
    return await decode(raw, { maxOutputLength: maxBytes });
  } catch (error) {
    if (isTooLarge(error)) throw tooLarge();
    throw new ResponseInvalid(`${label}: compressed body is cut or damaged`);
  }
}

const isTooLarge = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
