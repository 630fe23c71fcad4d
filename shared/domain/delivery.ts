import * as z from 'zod';

/** A webhook's delivery, once it was found genuine. */
export type Delivery = {
  /** what the sender's header calls the event; null where it has no such header */
  event: string | null;
  /** false for the unsigned hints that the operator has allowed: then only an id in it is believed */
  isSigned: boolean;
  /** the body as JSON, hostile like everything from outside */
  body: unknown;
};

/** What a delivery is about: the provider is asked for it, nothing else of the delivery is taken as true. */
export type Hint = {
  externalId: string;
  /** when the conversation began as the delivery says, for a provider that can only be asked by time; else null */
  startedAt: string | null;
  /** the conversation goes on, or has just ended: that the provider does not have it yet loses nothing */
  isEarly?: boolean;
};

const received = {
  connection: z.string(),
  /** SHA-256 of what makes two deliveries one (hex): the sender's signed id where there is one, else event and body */
  key: z.string(),
  event: z.string().nullable(),
  isSigned: z.boolean(),
  /** our clock, milliseconds since 1970 */
  receivedAt: z.number(),
  /** times that it has waited for the provider, the budget or a person */
  waits: z.int().nonnegative().default(0),
};

/** A delivery in the inbox. Its raw body stands in the message, or in the bucket where it is large. */
export const inboxJobSchema = z.union([
  z.object({ ...received, body: z.string() }),
  z.object({ ...received, object: z.string() }),
]);
export type InboxJob = z.infer<typeof inboxJobSchema>;
