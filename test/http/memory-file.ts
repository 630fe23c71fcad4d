import { ProviderUnavailable } from '#shared/domain/errors.ts';
import type { Clock } from '#shared/http/clock.ts';
import { type Downloaded, type DownloadRequest, download } from '#shared/http/download.ts';
import type { FileVersion } from '#shared/http/download-answer.ts';
import type { StreamAnswer } from '#shared/http/open-stream.ts';
import { virtualClock } from '#test/support/virtual-clock.ts';

/** One version of a file; `marks` are the headers that tell it from others. */
export type Version = { bytes: Buffer; marks: Record<string, string> };

/** How the next connection goes. */
export type Turn = {
  version: Version;
  /** bytes of the body after which it breaks, or null where it does not */
  breaksAfter?: number | null;
  /** the break looks like an end */
  quietly?: boolean;
  /** what the server gets wrong of ranges */
  habit?:
    | 'ignoresRange'
    | 'ignoresIfRange'
    | 'wrongStart'
    | 'wrongTotal'
    | 'noTotal'
    | 'saysLess'
    | 'noMarks'
    | 'never';
  /** headers over the right ones; undefined leaves one out */
  headers?: Record<string, string | undefined>;
  /** thrown in place of an answer */
  error?: Error;
  chunkBytes?: number;
};

export type MemoryFile = {
  open: DownloadRequest['open'];
  /** the headers of each request */
  asked: Record<string, string>[];
  /** bytes that left the server */
  sent: () => number;
  discarded: () => number;
};

/** A server of one file as RFC 9110 has it, but for its habits; the last turn goes on for ever. */
export function memoryFile(...turns: readonly Turn[]): MemoryFile {
  const asked: Record<string, string>[] = [];
  let sent = 0;
  let discarded = 0;
  const open = async (headers: Readonly<Record<string, string>>): Promise<StreamAnswer> => {
    const turn = turns[Math.min(asked.length, turns.length - 1)];
    asked.push({ ...headers });
    if (!turn || turn.error) throw turn?.error ?? new Error('no turn');
    const answer = answerTo(headers, turn);
    const { 'content-length': length = '0' } = answer.headers;
    const body = answer.status === 416 ? Buffer.alloc(0) : turn.version.bytes.subarray(answer.start, answer.end);
    return {
      status: answer.status,
      headers: { 'content-length': length, date: 'Mon, 02 Mar 2026 09:14:07 GMT', ...answer.headers, ...turn.headers },
      url: new URL('https://files.example/secret?canary'),
      sentAt: 0,
      servedAt: 0,
      body: chunks(body, turn, (bytes) => {
        sent += bytes;
      }),
      discard: () => {
        discarded += 1;
      },
    };
  };
  return { open, asked, sent: () => sent, discarded: () => discarded };
}

type Sliced = { status: number; headers: Record<string, string>; start: number; end: number };

function answerTo(headers: Readonly<Record<string, string>>, { version, habit }: Turn): Sliced {
  const { bytes, marks } = version;
  const size = bytes.length;
  const first = Number(/^bytes=(\d+)-$/.exec(headers['range'] ?? '')?.[1] ?? Number.NaN);
  const isSame = [marks['etag'], marks['last-modified']].includes(headers['if-range'] ?? 'none');
  const whole = { 'content-type': 'audio/wav', ...marks, 'content-length': String(size) };
  const ranged = !Number.isNaN(first) && habit !== 'ignoresRange' && (isSame || habit === 'ignoresIfRange');
  if (!ranged) return { status: 200, headers: whole, start: 0, end: size };
  if (first >= size || habit === 'never') {
    return { status: 416, headers: { ...marks, 'content-range': `bytes */${size}` }, start: 0, end: 0 };
  }
  const start = habit === 'wrongStart' ? first - 1 : first;
  const end = habit === 'saysLess' ? first + Math.ceil((size - first) / 2) : size;
  const total = habit === 'noTotal' ? '*' : size + (habit === 'wrongTotal' ? 1 : 0);
  const range = { 'content-range': `bytes ${start}-${end - 1}/${total}`, 'content-length': String(end - start) };
  return { status: 206, headers: { ...(habit === 'noMarks' ? {} : marks), ...range }, start, end };
}

async function* chunks(
  body: Buffer,
  { breaksAfter = null, quietly = false, chunkBytes = 7 }: Turn,
  count: (bytes: number) => void,
): AsyncGenerator<Buffer, void> {
  const end = Math.min(breaksAfter ?? body.length, body.length);
  for (let at = 0; at < end; at += chunkBytes) {
    const chunk = body.subarray(at, Math.min(at + chunkBytes, end));
    count(chunk.length);
    yield chunk;
  }
  if (breaksAfter !== null && end < body.length && !quietly) throw new ProviderUnavailable('GET files.example: broken');
}

export type Received = { bytes: Buffer; end: Downloaded; restarts: number; of: FileVersion | null };

/** Everything a download brings, put together as its caller would. `had` are the bytes from before. */
export async function receiveAll(
  request: Partial<DownloadRequest> & Pick<DownloadRequest, 'open'>,
  clock: Clock,
  had: Buffer = Buffer.alloc(0),
): Promise<Received> {
  const expected = { kind: 'recording', contentType: null, bytes: null };
  const running = download({ from: null, expected, maxBytes: 1_000_000, ...request }, clock);
  let [parts, restarts, of]: [Buffer[], number, FileVersion | null] = [[had], 0, null];
  for (;;) {
    const next = await running.next();
    if (next.done) return { bytes: Buffer.concat(parts), end: next.value, restarts, of };
    if ('restart' in next.value) [parts, restarts] = [[], restarts + 1];
    else {
      parts.push(Buffer.from(next.value.bytes));
      of = next.value.of;
    }
  }
}

export const one: Version = { bytes: Buffer.from('the first version of it'), marks: { etag: '"1"' } };
export const two: Version = { bytes: Buffer.from('THE OTHER VERSION OF IT'), marks: { etag: '"2"' } };

/** A download from a server that goes on in these turns. */
export function fetched(turns: readonly Turn[], more: Partial<DownloadRequest> = {}, had?: Buffer) {
  const file = memoryFile(...turns);
  const clock = virtualClock();
  return { file, clock, received: receiveAll({ open: file.open, ...more }, clock, had) };
}
