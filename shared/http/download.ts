import { ProviderUnavailable, ResponseInvalid } from '#shared/domain/errors.ts';
import type { Clock } from './clock.ts';
import { checkLength, type Expected, type FileVersion, labelOf, meaningOf, type Reached } from './download-answer.ts';
import { fileType } from './media-type.ts';
import type { StreamAnswer } from './open-stream.ts';
import { TooLarge } from './too-large.ts';

export type DownloadRequest = Expected & {
  /** asks for the file with these headers more; pays for it, renews tokens and links */
  open: (headers: Readonly<Record<string, string>>) => Promise<StreamAnswer>;
  /** where an earlier download was left: how many bytes are had, and of which version, as their chunks said */
  from: ({ offset: number; validator: string | null } & Partial<FileVersion>) | null;
  /** ends the download with the next byte or pause; `open` heeds it too */
  signal?: AbortSignal;
};

/** The next bytes with the version that they are of, or word that all bytes before are void: they come again. */
export type Chunk = { bytes: Buffer; of: FileVersion } | { restart: true };

/** A whole file: its length, its type, and what tells its version from others. */
export type Downloaded = { bytes: number; contentType: string; validator: string | null };

type State = {
  offset: number;
  /** of the bytes before `offset`; null while there are none */
  version: FileVersion | null;
  restarts: number;
  /** connections in a row, since the last byte, that came to nothing */
  fruitless: number;
  label: string;
};

/** How often it is opened again without a further byte before it is given up. */
const maxFruitless = 3;
/** How often the bytes so far may be thrown away, so that a file that changes all the time comes to an end. */
const maxRestarts = 10;

/**
 * The bytes of one file, over as many connections as it takes. One that breaks, stalls or ends early is opened again
 * after a pause, with `Range` and `If-Range`. Bytes of two versions never mix: what follows is taken only from an answer
 * with the same strong validator (download-answer.ts). Where there is none, the file starts over, also if its length is
 * the same: a recording with a passage blanked out keeps its length. At the end the length is what was announced and
 * listed. Throws ProviderUnavailable when it is given up, ResponseInvalid for another length or type, TooLarge, and what
 * `open` throws.
 */
export async function* download(request: DownloadRequest, clock: Clock): AsyncGenerator<Chunk, Downloaded, void> {
  const { expected, maxBytes, signal } = request;
  if ((expected.bytes ?? 0) > maxBytes) throw new TooLarge(`download: a file of more than ${maxBytes} bytes`);
  const state = stateFrom(request);
  while (state.offset === 0 || state.offset !== state.version?.total) {
    try {
      if (yield* receive(request, state)) break;
    } catch (error) {
      if (!(error instanceof ProviderUnavailable) || signal?.aborted) throw error;
      state.fruitless += 1;
      if (state.fruitless > maxFruitless || state.restarts > maxRestarts) throw error;
      await clock.sleep(250 * 2 ** (state.fruitless - 1) * (0.5 + clock.random()));
    }
  }
  checkLength(state.label, state.offset, request);
  const { contentType = fileType(undefined, expected), validator = null } = state.version ?? {};
  return { bytes: state.offset, contentType, validator };
}

function stateFrom({ from, expected }: DownloadRequest): State {
  const counts = { restarts: 0, fruitless: 0, label: 'download' };
  if (from === null || from.offset === 0) return { offset: 0, version: null, ...counts };
  const { offset, validator, total = null, contentType = fileType(undefined, expected) } = from;
  return { offset, version: { validator, total, contentType }, ...counts };
}

/** What one connection brings; true where nothing is missing any more. Throws ProviderUnavailable where it ends early. */
async function* receive(request: DownloadRequest, state: State): AsyncGenerator<Chunk, boolean, void> {
  const reached = resumable(state);
  const answer = await request.open(rangeHeaders(reached));
  try {
    state.label = labelOf(answer);
    const meaning = meaningOf(answer, reached, request);
    if (meaning === 'finished') return true;
    if (meaning === 'useless') {
      yield restart(state);
      throw new ProviderUnavailable(`${state.label}: the rest that it gave is not of the same file`);
    }
    if (meaning.bytesFrom < state.offset) yield restart(state);
    state.version = meaning.version;
    const { total } = meaning.version;
    const most = total ?? request.expected.bytes ?? Number.POSITIVE_INFINITY;
    for await (const bytes of answer.body) {
      state.fruitless = 0;
      state.offset += bytes.length;
      if (state.offset > request.maxBytes) throw new TooLarge(`${state.label}: more than ${request.maxBytes} bytes`);
      if (state.offset > most) throw new ResponseInvalid(`${state.label}: more bytes than announced`);
      yield { bytes, of: meaning.version };
      if (request.signal?.aborted) throw new ProviderUnavailable(`${state.label}: stopped`);
    }
    if (total !== null && state.offset < total) throw new ProviderUnavailable(`${state.label}: ended early`);
    return true;
  } finally {
    answer.discard();
  }
}

/** What may go on from where it stands, or null where the file must be asked for from its beginning. */
const resumable = ({ offset, version }: State): Reached | null =>
  offset > 0 && version !== null && version.validator !== null ? { offset, version } : null;

const rangeHeaders = (reached: Reached | null): Record<string, string> =>
  reached === null ? {} : { range: `bytes=${reached.offset}-`, 'if-range': reached.version.validator ?? '' };

function restart(state: State): Chunk {
  state.offset = 0;
  state.version = null;
  state.restarts += 1;
  return { restart: true };
}
