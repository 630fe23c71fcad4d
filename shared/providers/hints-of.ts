import type { Delivery, Hint } from '#shared/domain/delivery.ts';
import { externalId } from './field-schemas.ts';
import { isoInstant } from './field-values.ts';
import { type Fields, fieldsOf, isObject } from './fields-of.ts';

/** What a payload may say of a conversation, unread. */
export type Told = { id: unknown; startedAt?: unknown; isEarly?: boolean };

/** Conversations that one delivery may be about. Senders tell of one or of a small batch. */
const mostHints = 50;

/**
 * What was told as hints, each conversation once. An id that can be none is left out; of an unsigned delivery nothing but
 * the id is taken. `form` is how the provider's ids are written here.
 */
export function hintsOf(
  { isSigned }: Pick<Delivery, 'isSigned'>,
  told: readonly Told[],
  form: (id: string) => string = (id) => id,
): Hint[] {
  const hints = new Map<string, Hint>();
  for (const { id: given, startedAt, isEarly = false } of told) {
    if (hints.size === mostHints) break;
    const id = externalId.safeParse(typeof given === 'number' ? String(given) : given).data;
    if (id === undefined) continue;
    const known = isSigned && typeof startedAt === 'string' ? isoInstant(startedAt) : null;
    hints.set(form(id), { externalId: form(id), startedAt: known, ...(isEarly && { isEarly }) });
  }
  return [...hints.values()];
}

/** A payload of Standard Webhooks, `{type, timestamp, data}`, or one that stands bare. */
export type Payload = { type: string | null; data: Fields };

export function payloadOf(body: unknown): Payload {
  const fields = fieldsOf(body);
  const type = [fields['type'], fields['event']].find((name) => typeof name === 'string');
  return { type: type ?? null, data: isObject(fields['data']) ? fieldsOf(fields['data']) : fields };
}

/** The first of these fields that says anything. */
export const firstOf = (fields: Fields, names: readonly string[]): unknown =>
  names.map((name) => fields[name]).find((value) => value !== undefined && value !== null && value !== '');
