import * as z from 'zod';

/** A message of the media queue: copy this file of this conversation. It may come twice, late, or for nothing. */
export const mediaJobSchema = z.object({
  connection: z.string(),
  uuid: z.string(),
  /** the file's key */
  key: z.string(),
  /** the last offset of `recheck` has come: without the file the artifact is overdue */
  last: z.boolean(),
});
export type MediaJob = z.infer<typeof mediaJobSchema>;
