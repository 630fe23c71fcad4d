import { randomBytes } from 'node:crypto';
import { idBytes, operationId } from '#shared/domain/operation.ts';

/** An id that no other operation has. `now` in milliseconds since 1970. */
export const newId = (now: number): string => operationId(now, randomBytes(idBytes));
