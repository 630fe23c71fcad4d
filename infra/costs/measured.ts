import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as z from 'zod';
import { costOf } from './prices.ts';

const unitsSchema = z.strictObject({
  writeUnit: z.number(),
  event: z.number(),
  put: z.number(),
  message: z.number(),
  invocation: z.number(),
});

/** What is asked of AWS and billed by the piece. */
export type Units = z.infer<typeof unitsSchema>;

/** What `npm run bench -- costRows` last counted for 1,000 conversations of 30 turns, with two participants and a recording each. */
export const measuredFile = resolve(import.meta.dirname, 'measured.json');
export const readMeasured = (): Units => unitsSchema.parse(JSON.parse(readFileSync(measuredFile, 'utf8')));

export const partsOf = (units: Units): { priced: keyof Units; amount: number; dollars: number }[] =>
  unitsSchema
    .keyof()
    .options.map((priced) => ({ priced, amount: units[priced], dollars: costOf(priced, units[priced]) }));

/** In dollars. */
export const unitsCost = (units: Units): number => partsOf(units).reduce((sum, { dollars }) => sum + dollars, 0);
