import { logged } from '#shared/facts/logged.ts';
import { logInfo } from './log.ts';

/** Says in a line which conversation of a connection changes for ever (shared/domain/restless.ts). */
export const tellRestless =
  (connection: string) =>
  (uuid: string): void =>
    logInfo('a conversation changes for ever', { connection, conversations: uuid, [logged.restless]: 1 });
