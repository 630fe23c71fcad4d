import * as z from 'zod';
import { artifactStates } from '#shared/domain/artifact.ts';

const count = z.int().nonnegative();
export const counts = {
  listed: count.meta({
    description: 'what the provider lists; of an hour that is not verified, what polls have listed',
  }),
  stored: count.meta({ description: 'of these, the ones that are stored' }),
  ...{ quarantined: count, erased: count, expired: count },
  missingAtSource: count.meta({ description: 'stored, and no longer listed by the provider' }),
};

export const auditSchema = z.object({
  hours: z.array(
    z.object({
      connection: z.string(),
      hour: z.iso.datetime().meta({ description: 'its beginning, by the stamp that the provider lists by' }),
      ...counts,
      artifacts: z.record(z.string(), z.partialRecord(z.enum(artifactStates), count)),
      verifiedAt: z.iso.datetime().nullable().meta({ description: 'when the provider was asked; `null`: not yet' }),
      computedAt: z.iso.datetime().nullable().meta({ description: '`null`: too much to be counted for one answer' }),
      gaps: z.array(z.string()).meta({ description: 'ids that are listed, and of which nothing is here' }),
    }),
  ),
  totals: z.object({
    ...counts,
    gaps: count.meta({ description: 'listed less stored, quarantined, erased and expired' }),
    unverified: count.meta({ description: 'hours that are not verified' }),
  }),
});

export type AuditHour = z.infer<typeof auditSchema>['hours'][number];
