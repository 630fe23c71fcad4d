import { type ByteSource, madeBytes } from '#infra/local/fakes/byte-source.ts';
import { bytesOf, type FakeRequest, jsonAnswer } from '#infra/local/fakes/exchange.ts';
import type { FakeReply } from '#infra/local/fakes/provider.ts';
import { serveBytes } from '#infra/local/fakes/serve-bytes.ts';
import type { Recorded, ServedFile } from './recorded.ts';

/** The bytes of a scenario's files: served with ranges, over connections that break where the scenario says. */
export type ServedFiles = {
  /** the bytes at an address; null where none of the files is */
  serve: (request: FakeRequest) => FakeReply | null;
  bytesOf: (key: string) => ByteSource;
  /** bytes that were sent of all files, repeats included */
  sent: () => number;
  /** origins of files that the account does not serve itself */
  origins: readonly string[];
  /** from now on links expire with their connection, until the account is asked for fresh ones */
  expireAtBreaks: () => void;
  /** the account has been asked: its links are fresh */
  refreshLinks: () => void;
};

/** `baseUrl` stands before the address of a file that the account serves itself. */
export function servedFiles({ media = {} }: Pick<Recorded, 'media'>, baseUrl: string): ServedFiles {
  const addressOf = ({ href }: ServedFile): string => (href.startsWith('/') ? baseUrl + href : href);
  const files = Object.entries(media).map(([key, file]) => {
    const bytes = madeBytes(`${key} of ${file.externalId}`, file.bytes);
    return { key, file, bytes, address: addressOf(file), breaks: new Set(file.brokenAt) };
  });
  let sent = 0;
  let isExpiring = false;
  let areExpired = false;

  /** Cuts the answer where the next of the breaks lies. */
  const cut = (reply: FakeReply, breaks: Set<number>): FakeReply => {
    const { length } = bytesOf(reply);
    const from = Number(/^bytes (\d+)-/.exec(reply.headers['content-range'] ?? '')?.[1] ?? 0);
    const next = [...breaks].filter((place) => place >= from && place < from + length).sort((a, b) => a - b)[0];
    if (next === undefined) {
      sent += length;
      return reply;
    }
    breaks.delete(next);
    areExpired = isExpiring;
    sent += next - from;
    return { ...reply, wire: { kind: 'reset', afterBytes: next - from } };
  };

  return {
    serve: (request) => {
      const { origin, pathname } = new URL(request.url);
      const found = files.find(({ address }) => address === origin + pathname);
      if (!found) return null;
      if (areExpired && !found.file.href.startsWith('/')) return jsonAnswer(403, { error: 'expired' });
      const { contentType } = found.file;
      return cut(serveBytes(request, { bytes: found.bytes, contentType, etag: '"v1"' }), found.breaks);
    },
    bytesOf: (key) => files.find((file) => file.key === key)?.bytes ?? madeBytes(key, 0),
    sent: () => sent,
    origins: [...new Set(files.map(({ address }) => new URL(address).origin))].filter(
      (origin) => origin !== new URL(baseUrl).origin,
    ),
    expireAtBreaks: () => {
      isExpiring = true;
    },
    refreshLinks: () => {
      areExpired = false;
    },
  };
}
