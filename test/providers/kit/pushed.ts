import * as z from 'zod';

/** What a provider pushes: `test/fixtures/<provider>/webhook.json` (docs/adding-a-provider.md). */

const hintSchema = z.strictObject({
  externalId: z.string(),
  startedAt: z.string().nullable(),
  isEarly: z.boolean().optional(),
});

export const pushedSchema = z.strictObject({
  about: z.string(),
  /** an id in the provider's form that nothing has */
  nobody: z.string(),
  /** deliveries as they come, and the hints in them */
  deliveries: z
    .array(
      z.strictObject({
        event: z.string().nullable().default(null),
        isSigned: z.boolean().default(true),
        body: z.unknown(),
        hints: z.array(hintSchema),
      }),
    )
    .min(1),
});
export type Pushed = z.output<typeof pushedSchema>;
