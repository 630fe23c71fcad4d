import { isIP } from 'node:net';
import { HostRefused } from '#shared/domain/errors.ts';
import { isPublicAddress } from './public-address.ts';

/** Which hosts an account's operator named. */
export type HostRules = {
  /** where the account's credentials may go: scheme, host and port of its API, exactly */
  origin: string;
  /** `host` stands for the default port of either scheme, `host:port` for that one */
  trusted: ReadonlySet<string>;
};

/** The rules of one connection. `baseUrl` and `mediaHosts` as its file has them, `baseUrl` filled in. */
export function hostRules({ baseUrl, mediaHosts }: { baseUrl: string; mediaHosts: readonly string[] }): HostRules {
  const { origin, host } = new URL(baseUrl);
  return { origin, trusted: new Set([host, ...mediaHosts].flatMap(trustedName)) };
}

/** None for an entry that is no host: it trusts nobody. */
function trustedName(entry: string): string[] {
  const [, host = '', port] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  const url = URL.parse(`https://${host}`);
  if (url === null) return [];
  return [port === undefined ? nameOf(url) : `${nameOf(url)}:${Number(port)}`];
}

/** With a dot behind it is the same host. */
const nameOf = ({ hostname }: URL): string => hostname.replace(/\.$/, '');

/**
 * Whether an address out of a provider's data may be asked. `trusted`: the operator named its host, so its scheme and IP
 * address do not matter. `public`: any other, over https at port 443; the addresses of a name are checked when it is
 * connected to (public-dispatcher.ts). Throws HostRefused for the rest, and for a user name in any of them: it would be
 * a credential. The error names the host only.
 */
export function judge(url: URL, rules: HostRules): 'trusted' | 'public' {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new HostRefused('an address that is neither http nor https');
  }
  if (url.username !== '' || url.password !== '') throw refused(url.hostname, 'a user name in the address');
  if (isTrusted(url, rules)) return 'trusted';
  if (url.protocol !== 'https:') throw refused(url.hostname, 'not https');
  if (url.port !== '') throw refused(url.hostname, 'another port than 443');
  if (url.hostname.endsWith('.')) throw refused(url.hostname, 'a name with a dot behind it');
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) !== 0 && !isPublicAddress(literal)) throw refused(url.hostname, 'no public address');
  return 'public';
}

function isTrusted(url: URL, { trusted }: HostRules): boolean {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return (url.port === '' && trusted.has(nameOf(url))) || trusted.has(`${nameOf(url)}:${port}`);
}

/** A host that nothing is sent to, and why. */
export const refused = (hostname: string, reason: string): HostRefused =>
  new HostRefused(`${hostname.slice(0, 253)}: refused, ${reason}`);
