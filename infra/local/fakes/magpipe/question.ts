import type { FakeRequest } from '../exchange.ts';

/** The parameters of a POST stand in its JSON body, which may be empty; undefined for a body that cannot be read. */
export function readQuestion({ body }: FakeRequest): Readonly<Record<string, unknown>> | undefined {
  if (body.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
