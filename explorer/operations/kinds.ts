import type { OperationKind } from '../api/answers.ts';

/** One thing that a form asks for. */
export type FormField = {
  name: string;
  label: string;
  /** `list` holds ids divided by blanks, commas or lines */
  control: 'connection' | 'instant' | 'text' | 'list' | 'redriveKind' | 'check';
  isNeeded?: true;
  hint?: string;
};

type AboutKind = {
  name: string;
  explanation: string;
  fields: readonly FormField[];
  /** a dry run comes first, and its count is typed to confirm */
  isDestructive?: true;
  /** what the count of its dry run counts */
  counts?: string;
};

const connection = { name: 'connection', label: 'Connection', control: 'connection' } as const;
const from = { name: 'from', label: 'From', control: 'instant' } as const;
const to = { name: 'to', label: 'To (excluded)', control: 'instant' } as const;
const needed = { isNeeded: true } as const;
const ids = {
  name: 'ids',
  label: 'Only these ids',
  control: 'list',
  hint: 'one a line; all where it is empty',
} as const;

/** How each kind of operation is asked for, in words. */
export const aboutKinds: Readonly<Record<OperationKind, AboutKind>> = {
  backfills: {
    name: 'Backfill',
    explanation: 'Reads a span of the past again, behind the polls of its connection. Nothing is lost by it.',
    fields: [
      { ...connection, ...needed },
      { ...from, ...needed },
      { ...to, ...needed },
      { name: 'again', label: 'Also where this span is done already', control: 'check' },
    ],
  },
  replays: {
    name: 'Replay',
    explanation: 'Puts events of the past on the bus again, under the ids that they had.',
    fields: [
      { ...from, ...needed },
      { ...to, ...needed },
      connection,
      { name: 'types', label: 'Only these types', control: 'list', hint: 'for example transcript.ready' },
      { name: 'subscriber', label: 'Only for this subscriber', control: 'text' },
      ids,
    ],
  },
  reprocess: {
    name: 'Reprocess',
    explanation: 'Builds records anew from the raw answers that are kept of them. What differs becomes a new version.',
    fields: [{ ...connection, ...needed }, from, to, ids],
    isDestructive: true,
    counts: 'conversations would change',
  },
  redrives: {
    name: 'Redrive',
    explanation: 'Does again the work that is in the dead letters.',
    fields: [{ name: 'kind', label: 'Which work', control: 'redriveKind', isNeeded: true }, ids],
  },
  erasures: {
    name: 'Erasure',
    explanation: 'Removes conversations, or all of a person, for good, with everything that came of them.',
    fields: [
      { name: 'participant', label: 'All of a person', control: 'text', hint: 'phone, e-mail or id' },
      { name: 'conversations', label: 'Or these conversations', control: 'list', hint: 'ids or uuids, one a line' },
    ],
    isDestructive: true,
    counts: 'conversations would be erased',
  },
};

export const redriveKinds = [
  ['inbox', 'webhook deliveries'],
  ['media', 'copies of files'],
  ['publish', 'events of stored versions'],
  ['participants', 'rows by participant'],
  ['operations', 'operations'],
] as const;

/** The request of a form: what was left empty is left out. `read` gives a control's text. */
export function requestOf(fields: readonly FormField[], read: (name: string) => string): Record<string, unknown> {
  const given = fields.map(({ name, control }): [string, unknown] => {
    const text = read(name).trim();
    if (control === 'check') return [name, text === 'on' || undefined];
    if (text === '') return [name, undefined];
    return [name, control === 'list' ? text.split(/[\s,]+/).filter((one) => one !== '') : text];
  });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}
