import type { Store } from '#shared/storage/document-client.ts';
import type { Fixture } from '../fixtures.ts';

/** Something that every connector keeps; `holds` throws where this one does not. */
export type Rule = { name: string; holds: (fixture: Fixture) => Promise<void> };

/** The same of runs of the engine, which work on a store. */
export type RunRule = { name: string; holds: (fixture: Fixture, store: Store) => Promise<void> };
