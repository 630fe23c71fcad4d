import type { Connector, Stream } from '#shared/providers/connector.ts';
import type { Webhook } from '#shared/providers/webhook.ts';
import { plain } from './planted.ts';

/** A flaw that a connector may have: one that somebody could write, and that must break the rules it names. */
export type Flaw = { name: string; connector: Connector; breaks: readonly RegExp[] };

const [stream] = plain.streams;
if (!stream?.details) throw new Error('the plain connector has one stream with details');

/** The stream that flaws are planted in. */
export const good = { ...stream, details: stream.details };

/** The plain connector with its stream changed. */
export const flaw = (name: string, breaks: RegExp | readonly RegExp[], change: Partial<Stream>): Flaw => ({
  name,
  breaks: breaks instanceof RegExp ? [breaks] : breaks,
  connector: { ...plain, streams: [{ ...good, ...change }] },
});

/** The plain connector with another reading of what is pushed. */
export const webhookFlaw = (name: string, breaks: RegExp | readonly RegExp[], hints: Webhook['hints']): Flaw => ({
  name,
  breaks: breaks instanceof RegExp ? [breaks] : breaks,
  connector: { ...plain, webhook: { hints } },
});

/** A listed record taken for what it should be. */
export const loose = (listed: unknown): { id: string; at: string; title: string } => listed as ReturnType<typeof loose>; // to believe that is part of a flaw
