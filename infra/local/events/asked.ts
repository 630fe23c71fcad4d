import * as z from 'zod';
import type { Ask } from '../access/grants.ts';
import { busArn, nameOfArn } from '../template/arns.ts';

const entries = z.object({ Entries: z.array(z.object({ EventBusName: z.string().default('default') })) });

/** The rights that an operation on a bus takes: for events, on each bus that they are put on. */
export function askedOfEvents(operation: string, input: unknown): Ask[] {
  const action = `events:${operation}`;
  const buses = entries.safeParse(input).data?.Entries.map(({ EventBusName }) => busArn(nameOfArn(EventBusName)));
  return [...new Set(buses ?? ['*'])].map((resource) => ({ action, resource }));
}
