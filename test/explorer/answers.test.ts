import { describe, expectTypeOf, it } from 'vitest';
import type * as z from 'zod';
import type * as told from '#explorer/api/answers.ts';
import type { auditSchema } from '#functions/lookup/audit/audit-schema.ts';
import type { connectionsSchema } from '#functions/lookup/v1/connections.ts';
import type { historySchema } from '#functions/lookup/v1/history.ts';
import type { pageSchema } from '#functions/lookup/v1/present.ts';
import type { Operation } from '#shared/domain/operation.ts';

/** The page reads what the API writes: the compiler holds one against the other. */
describe('what the page takes an answer for', () => {
  it('is what the schemas write', () => {
    expectTypeOf<z.infer<typeof pageSchema>>().toExtend<told.ConversationPage>();
    expectTypeOf<z.infer<typeof connectionsSchema>>().toExtend<{ connections: told.ConnectionState[] }>();
    expectTypeOf<z.infer<typeof auditSchema>>().toExtend<{ hours: told.AuditHour[] }>();
    expectTypeOf<z.infer<typeof historySchema>>().toExtend<{ versions: told.Version[] }>();
    expectTypeOf<Operation>().toExtend<told.Operation>();
  });
});
