import { type Access, type Identity, openAccess } from '#infra/local/access/access.ts';
import type { Ask } from '#infra/local/access/grants.ts';

/** Everything that was asked for on a machine, each once. */
export type Record = { add: (name: string, ask: Ask) => void; asksOf: (name: string) => Ask[] };

export function openRecord(): Record {
  const asks = new Map<string, Map<string, Ask>>();
  return {
    add: (name, ask) => void asks.set(name, (asks.get(name) ?? new Map()).set(JSON.stringify(ask), ask)),
    asksOf: (name) => [...(asks.get(name)?.values() ?? [])],
  };
}

/** A right that no exercise can use, as `complaintsOf` writes it, and why. */
export type Exceptions = Readonly<globalThis.Record<string, string>>;

/**
 * What is wrong with the rights: what was asked for and not allowed, what is allowed and nobody needed, and exceptions that
 * are none. A right stands in one place for the functions of all providers, so one of them is enough to need it.
 */
export function complaintsOf(
  { refused, granted }: Pick<Access, 'refused' | 'granted'>,
  exceptions: Exceptions,
): string[] {
  const kinds = Map.groupBy(granted(), ({ name, right }) => `${kindOf(name)}: ${kindOf(right)}`);
  const unneeded = [...kinds].filter(([, rights]) => !rights.some(({ isNeeded }) => isNeeded)).map(([text]) => text);
  return [
    ...refused().map(({ name, right }) => `lacks a right: ${kindOf(name)}: ${kindOf(right)}`),
    ...unneeded.filter((text) => !(text in exceptions)).map((text) => `needs no right: ${text}`),
    ...Object.keys(exceptions)
      .filter((text) => !unneeded.includes(text))
      .map((text) => `is no exception: ${text}`),
  ];
}

/** A name without what tells providers, connections and generated names apart. */
const kindOf = (text: string): string =>
  text
    .replace(/salesloft|talkdesk|vonage|magpipe/g, '<provider>')
    .replace(/(connections)\/[a-z]+\//g, '$1/<connection>/')
    .replace(/(?<=[a-z])[0-9A-F]{8}\b|(?<=earshot-storage-[a-z]+)[0-9a-f]{8}\b/g, '')
    .replace(/arn:aws:(\w+):us-east-1:000000000000:/g, '$1:');

type Judged = Pick<Access, 'refused' | 'granted'>;

/** What comes of what somebody asked for, with these rights. */
export function judge({ name, grants }: Identity, record: Record): Judged {
  const access = openAccess(() => undefined);
  access.admit([{ name, grants }]);
  for (const ask of record.asksOf(name)) access.may(name, ask);
  return access;
}

/** Several judged apart, as one. */
export const together = (judged: readonly Judged[]): Judged => ({
  refused: () => judged.flatMap(({ refused }) => refused()),
  granted: () => judged.flatMap(({ granted }) => granted()),
});
