import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { agentOptions, connectMs } from './agent-options.ts';
import { refused } from './host-rules.ts';
import { isPublicAddress } from './public-address.ts';

export type PublicNetwork = {
  /** every address of a name */
  resolve: (hostname: string) => Promise<readonly LookupAddress[]>;
  isPublic: (address: string) => boolean;
};

const internet: PublicNetwork = {
  resolve: (hostname) => lookup(hostname, { all: true }),
  isPublic: isPublicAddress,
};

/**
 * The dispatcher for hosts that nobody named: it connects to public addresses only. A name is resolved once for each
 * connection; one address that is not public refuses the whole name; and the socket gets the very addresses that were
 * checked, so a name that changes its mind in between (rebinding) gains nothing. TLS is verified against the name. A
 * refusal is HostRefused, and no packet was sent.
 */
export function createPublicDispatcher(network: PublicNetwork = internet): Agent {
  const connect = buildConnector({ timeout: connectMs, allowH2: false, lookup: checkedLookup(network) });
  return new Agent({
    ...agentOptions,
    connect: (options, callback) => {
      // A literal address is never looked up.
      if (isIP(options.hostname) !== 0 && !network.isPublic(options.hostname)) {
        callback(refused(options.hostname, 'no public address'), null);
        return;
      }
      connect(options, callback);
    },
  });
}

export const publicDispatcher = createPublicDispatcher();

/** Node's sockets ask this for a name's addresses, and connect to what it answers. */
function checkedLookup({ resolve, isPublic }: PublicNetwork): LookupFunction {
  const publicAddresses = async (hostname: string): Promise<LookupAddress[]> => {
    const addresses = await resolve(hostname);
    if (addresses.length === 0 || !addresses.every(({ address }) => isPublic(address))) {
      throw refused(hostname, 'not every address of it is public');
    }
    return [...addresses];
  };
  return (hostname, { all }, callback) => {
    publicAddresses(hostname).then(
      (addresses) => {
        if (all) callback(null, addresses);
        else callback(null, addresses[0]?.address ?? '', addresses[0]?.family);
      },
      (error: Error) => callback(error, []),
    );
  };
}
