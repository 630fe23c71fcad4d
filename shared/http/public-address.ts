import ipaddr from 'ipaddr.js';

const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an IP address belongs to one machine on the public internet. Refused is all that IANA's special purpose
 * registries name (RFC 6890): private, loopback, link local with the cloud's metadata, shared, reserved, multicast. Of
 * IPv6 only 2000::/3 counts, and no address that carries an IPv4 one (mapped, NAT64, 6to4, Teredo): a host of ours
 * might be the one that unwraps it. Text that is no address is refused too.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address instanceof ipaddr.IPv6 && !address.match(globalUnicast)) return false;
  return address.range() === 'unicast';
}
