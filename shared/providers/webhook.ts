import type { Delivery, Hint } from '#shared/domain/delivery.ts';
import type { Headers } from './headers.ts';

/** What the provider, or somebody in its place, pushes to us. */
export type Webhook = {
  /** how the provider itself signs; absent where it documents nothing of the kind, which leaves Standard Webhooks */
  scheme?: SignatureScheme;
  /** the conversations that a delivery is about, pure; empty where it is about none. Never throws. */
  hints: (delivery: Delivery) => readonly Hint[];
};

/** A provider's way of signing its deliveries. */
export type SignatureScheme = {
  /** media types that it sends beside `application/json`, lower case and without parameters */
  types: readonly string[];
  /** the headers that carry the signature, lower case: a delivery without any of them is an unsigned one */
  signatureHeaders: readonly string[];
  /** the header that names the event, lower case; absent where the body says it */
  eventHeader?: string;
  /** Whether the delivery was signed with this secret, and its own time, where it has one, is near `now`. Never throws. */
  verify: (signed: SignedDelivery, secret: string) => Promise<Verdict>;
};

export type SignedDelivery = {
  /** names in lower case; one that came more than once has its values joined by commas, as Lambda hands them over */
  headers: Headers;
  /** the bytes as they came */
  body: Uint8Array;
  /** our clock, milliseconds since 1970 */
  now: number;
};

/**
 * Why a delivery is not believed, or that it is. `id` is the sender's own id of it where the signature covers that one: it
 * is the same for every repeat.
 */
export type Verdict = { isGenuine: true; id: string | null } | { isGenuine: false; fault: 'signature' | 'time' };
