import type { Assembly } from './assembly.ts';

/** One resource with its references resolved, as a describer gets it. */
export type Found = { name: string; logicalId: string; properties: unknown; assets: Assembly['assets'] };
