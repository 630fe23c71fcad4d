import type { Route } from '../route.ts';
import { answerAudit, auditParameters } from './answer-audit.ts';
import { auditSchema } from './audit-schema.ts';

/** The books of the hours (design.md section 4). */
export const auditRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/audit',
    needs: 'records',
    answer: answerAudit,
    about: {
      id: 'audit',
      summary: 'What the provider lists and what is stored, hour by hour, and every gap',
      query: auditParameters,
      answers: { 200: { description: 'the hours, oldest first', schema: auditSchema } },
    },
  },
];
