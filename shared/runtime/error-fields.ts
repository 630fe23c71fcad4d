import { AppError } from '#shared/domain/errors.ts';
import type { LogFields } from './log.ts';

/** An error as log fields. The text of a foreign error may hold anything, so only its class is named. */
export function errorFields(error: unknown): LogFields {
  if (error instanceof AppError) return { code: error.code, reason: error.message };
  return { code: error instanceof Error ? error.name : 'Unexpected' };
}
