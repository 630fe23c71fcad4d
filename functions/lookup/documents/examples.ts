import type { Method } from '../route.ts';

/**
 * A request with its answer, as the documents show them. They lie as files under `docs/examples`, written by a test that
 * sends each request, so that none can be wrong.
 */
export type Example = {
  /** operationId of the address */
  operation: string;
  /** unique for the operation */
  name: string;
  about: string;
  method: Method;
  /** path and query */
  target: string;
  headers?: Readonly<Record<string, string>> | undefined;
  body?: unknown;
  status: number;
  answer: unknown;
};

export const examplesOf = (examples: readonly Example[], operation: string): readonly Example[] =>
  examples.filter((example) => example.operation === operation);
