import { HostRefused } from '#shared/domain/errors.ts';
import type { Clock } from '#shared/http/clock.ts';
import { hostRules } from '#shared/http/host-rules.ts';
import { openStream, type StreamAnswer } from '#shared/http/open-stream.ts';
import type { HttpAnswer } from '#shared/http/request.ts';
import type { MediaSource, Session } from '#shared/providers/connector.ts';

/** Where bytes can be asked for. */
export type Place = Extract<MediaSource, { from: 'account' | 'link' }>;

export type MediaRequest = {
  headers: Readonly<Record<string, string>>;
  /** ends the request, also in the middle of the body */
  signal: AbortSignal;
};

/** The way to the bytes of one account's files. */
export type MediaDoor = {
  /**
   * One GET for bytes. What goes to the account's own API carries its credentials and is paid for; nothing else does.
   * Throws what openStream throws, and RateLimited.
   */
  open: (place: Place, request: MediaRequest) => Promise<StreamAnswer>;
};

/** What a request into the account's API is sent with, and whom to tell of it. */
export type AccountWay = {
  url: URL;
  /** the credentials, and the `Accept` that the provider asks for with every request */
  headers: Readonly<Record<string, string>>;
  /** pays for a sending; throws RateLimited */
  beforeSend: () => Promise<void>;
  onAnswer: (answer: HttpAnswer) => Promise<void>;
};

/** A session that lets through requests other than its own; tokens that are refused are renewed, as for those. */
export type AccountSession = Pick<Session, 'connection' | 'baseUrl'> & {
  through: <T>(path: string, cost: number, send: (way: AccountWay) => Promise<T>) => Promise<T>;
};

/** What a file costs of the budget: no provider says that it is more than any other request. */
const cost = 1;

export function openMediaDoor(session: AccountSession, clock: Clock): MediaDoor {
  const { baseUrl, connection } = session;
  const rules = hostRules({ baseUrl, mediaHosts: connection.mediaHosts });
  return {
    open: async (place, { headers, signal }) => {
      if (place.from === 'link') return openStream({ url: addressOf(place.href), rules, headers, signal }, clock);
      return session.through(place.path, cost, ({ url, headers: credentials, beforeSend, onAnswer }) => {
        const hooks = {
          beforeSend: async (isAccount: boolean) => (isAccount ? beforeSend() : undefined),
          onAnswer: async (answer: HttpAnswer, isAccount: boolean) => (isAccount ? onAnswer(answer) : undefined),
        };
        return openStream({ url, rules, headers, credentials, signal, ...hooks }, clock);
      });
    },
  };
}

/** Nothing can be sent to what is no address. */
function addressOf(href: string): URL {
  const url = URL.parse(href);
  if (url === null) throw new HostRefused('a link that is no address');
  return url;
}
