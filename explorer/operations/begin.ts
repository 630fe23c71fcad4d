import { effect, signal } from '@preact/signals';
import { go } from '../address/here.ts';
import type { OperationKind } from '../api/answers.ts';
import { session } from '../api/session.ts';

/** An operation that somebody is about to ask for, its form filled in as far as these say. */
export type Draft = { kind: OperationKind; given: Readonly<Record<string, string>> };

/** What a dry run found, for the request that it was of. */
export type Counted = { request: Record<string, unknown>; count: number; held: readonly string[] };

/** The form that stands open; null for none. */
export const draft = signal<Draft | null>(null);

effect(() => {
  if (!session.value) draft.value = null;
});

/** Opens the form of a kind, from wherever in the page. */
export function beginWith(kind: OperationKind, given: Draft['given'] = {}): void {
  draft.value = { kind, given };
  go({ view: 'operations' });
}
