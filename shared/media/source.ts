import { NotAtProvider, ProviderUnavailable, ResponseInvalid } from '#shared/domain/errors.ts';
import { LinkRefused } from '#shared/http/link-refused.ts';
import type { StreamAnswer } from '#shared/http/open-stream.ts';
import { parseJson } from '#shared/http/parse-json.ts';
import { readBody } from '#shared/http/read-body.ts';
import type { MediaDoor, Place } from '#shared/ingest/media-session.ts';
import type { MediaSource } from '#shared/providers/connector.ts';

/** Asks for a file with these headers more, wherever its bytes are by now. */
export type OpenSource = (headers: Readonly<Record<string, string>>) => Promise<StreamAnswer>;

export type SourceRequest = {
  door: MediaDoor;
  /** where the provider said the bytes are */
  place: Place;
  /** asks the provider again */
  locate: () => Promise<MediaSource>;
  signal: AbortSignal;
};

/** Links of one copy that may turn out to be spent before it is given up. */
const mostLinks = 3;
/** JSON about a file is short. */
const maxJsonBytes = 1024 ** 2;

/** One way to all bytes of a file: a link that is refused is asked for again, and the download goes on where it was. */
export function openSource({ door, place: first, locate, signal }: SourceRequest): OpenSource {
  let place = first;
  let links = mostLinks;
  // Fresh until it has served: what is not to be found at a fresh place is not there.
  let isFresh = true;
  // The link that an answer of the account has named; null where the account serves the bytes itself.
  let named: string | null | undefined;

  const openOnce: OpenSource = async (headers) => {
    if (place.from === 'link') return door.open(place, { headers, signal });
    if (place.link && named === undefined) {
      // JSON about the file has other ranges than the file.
      const answer = await door.open(place, { headers: {}, signal });
      named = await namedLink(answer, place.link);
      if (named === null && Object.keys(headers).length === 0) return answer;
      if (named === null) answer.discard();
    }
    const target: Place = named == null ? place : { from: 'link', href: named };
    return door.open(target, { headers, signal });
  };
  const findAgain = async (error: LinkRefused | NotAtProvider): Promise<void> => {
    if (links === 0) throw new ProviderUnavailable(error.message, 0, { cause: error });
    links -= 1;
    const found = await locate();
    if (found.from !== 'account' && found.from !== 'link') throw new NotAtProvider(error.message, { cause: error });
    [place, named, isFresh] = [found, undefined, true];
  };

  return async (headers) => {
    for (;;) {
      try {
        const answer = await openOnce(headers);
        isFresh = false;
        return answer;
      } catch (error) {
        const isSpent = error instanceof LinkRefused || (error instanceof NotAtProvider && !isFresh);
        if (!isSpent) throw error;
        await findAgain(error);
      }
    }
  };
}

/** The link in an answer that is JSON about a file, or null where the answer is the file. Throws ResponseInvalid. */
async function namedLink(answer: StreamAnswer, read: (body: unknown) => string | null): Promise<string | null> {
  const { headers, url } = answer;
  if (!/^\s*application\/([a-z0-9.+-]+\+)?json\s*(;|$)/i.test(headers['content-type'] ?? '')) return null;
  const label = `GET ${url.host}`;
  const description = { label, encoding: undefined, contentLength: headers['content-length'], maxBytes: maxJsonBytes };
  const link = read(parseJson(await readBody(answer.body, description), label));
  if (link === null) throw new ResponseInvalid(`${label}: JSON without a link where a file was expected`);
  return link;
}
