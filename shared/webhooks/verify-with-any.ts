import type { SignatureScheme, SignedDelivery, Verdict } from '#shared/providers/webhook.ts';

/**
 * Whether a delivery was signed with one of the secrets. All of them are tried, however early one fits: the time that it
 * takes tells nothing of which it was. Without secrets nothing is genuine.
 */
export async function verifyWithAny(
  scheme: SignatureScheme,
  signed: SignedDelivery,
  secrets: readonly string[],
): Promise<Verdict> {
  const verdicts = await Promise.all(secrets.map((secret) => scheme.verify(signed, secret)));
  const isLate = verdicts.some((verdict) => !verdict.isGenuine && verdict.fault === 'time');
  return verdicts.find(({ isGenuine }) => isGenuine) ?? { isGenuine: false, fault: isLate ? 'time' : 'signature' };
}
