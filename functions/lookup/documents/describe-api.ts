import { speaksOperations } from '../operations/speaks.ts';
import { speaksQuarantine } from '../quarantine/speaks.ts';
import { dialects, routes } from '../routes.ts';
import type { Example } from './examples.ts';
import { type OpenApi, openApiOf } from './openapi.ts';

const parts = [
  { name: 'Access', description: 'Tokens by client credentials. Every other address takes one as a bearer token.' },
  { name: 'Lookup', description: 'Our own shape, for every conversation of every provider.' },
  { name: 'Operations', description: 'Work that an operator asks for, and what could not be understood.' },
  { name: 'Documents', description: 'What needs no token.' },
] as const;

/** The OpenAPI document of everything that this function answers. */
export function describeApi(examples: readonly Example[], version: string): OpenApi {
  const dialectOf = (path: string) => dialects.find(({ speaks }) => speaks(path));
  return openApiOf({
    routes,
    errorOf: (path) => dialectOf(path)?.errorSchema(path) ?? null,
    tagOf: (path) => dialectOf(path)?.about.name ?? partOf(path),
    tags: [...parts, ...dialects.map(({ about }) => about)],
    examples,
    version,
  });
}

function partOf(path: string): (typeof parts)[number]['name'] {
  if (speaksOperations(path) || speaksQuarantine(path) || path.endsWith('/hold')) return 'Operations';
  if (path.startsWith('/v1/')) return 'Lookup';
  return path.endsWith('/token') ? 'Access' : 'Documents';
}
