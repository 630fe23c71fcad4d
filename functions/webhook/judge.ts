import type { SignatureScheme, SignedDelivery, Verdict } from '#shared/providers/webhook.ts';
import { isMissing, type Secrets } from '#shared/storage/secrets.ts';
import { verifyWithAny } from '#shared/webhooks/verify-with-any.ts';
import type { Account } from './accounts.ts';

/** Least time between two readings of an account's secrets for signatures that fit none: whoever forges must not make us ask. */
const askAgainMs = 30_000;

/**
 * Whether a delivery is genuine: signed with one of the account's secrets, or unsigned where that is allowed. Throws where
 * a secret cannot be read now and no other one fits.
 */
export type Judge = (account: Account, delivery: SignedDelivery) => Promise<Judgement>;
export type Judgement =
  | { isGenuine: true; isSigned: boolean; id: string | null }
  | { isGenuine: false; fault: 'unsigned' | 'signature' | 'time' };

/** A signature that does not fit may be made with a value that is newer than the one in memory, so that is read again. */
export function openJudge(secrets: Secrets): Judge {
  const askAgainAt = new Map<string, number>();

  return async (account, delivery) => {
    const { scheme, connection } = account;
    if (!isSigned(scheme, delivery)) {
      return account.believesUnsigned
        ? { isGenuine: true, isSigned: false, id: null }
        : { isGenuine: false, fault: 'unsigned' };
    }
    const verdict = await verify(secrets, account, delivery, false);
    if (verdict.isGenuine || verdict.fault === 'time') return judgementOf(verdict);
    if (delivery.now < (askAgainAt.get(connection.id) ?? 0)) return judgementOf(verdict);
    askAgainAt.set(connection.id, delivery.now + askAgainMs);
    return judgementOf(await verify(secrets, account, delivery, true));
  };
}

/** A signature that is there and wrong never counts as none. */
const isSigned = ({ signatureHeaders }: SignatureScheme, { headers }: SignedDelivery): boolean =>
  signatureHeaders.some((name) => headers[name] !== undefined);

const judgementOf = (verdict: Verdict): Judgement => (verdict.isGenuine ? { ...verdict, isSigned: true } : verdict);

/** A secret that is not there fits nothing. One that cannot be read stops only what no other one fits. */
async function verify(
  secrets: Secrets,
  { scheme, secrets: kept }: Account,
  delivery: SignedDelivery,
  fresh: boolean,
): Promise<Verdict> {
  const values = await Promise.allSettled(
    kept.map(async (secret) => (typeof secret === 'string' ? secret : await secrets.read(secret.secret, { fresh }))),
  );
  const known = values.flatMap((value) => (value.status === 'fulfilled' ? [value.value] : []));
  const verdict = await verifyWithAny(scheme, delivery, known);
  const failed = values.find((value) => value.status === 'rejected' && !isMissing(value.reason));
  if (!verdict.isGenuine && failed?.status === 'rejected') throw failed.reason;
  return verdict;
}
