import { Logger } from '@aws-lambda-powertools/logger';

/**
 * What may stand in a log line: ids of ours, codes, counts and times. There is no field for a body, a header, a name, a
 * number or a text of a conversation, and errors are written by `errorFields` only.
 */
export type LogFields = {
  connection?: string;
  /** ids of the conversations that it is about, our own, a blank between them */
  conversations?: string;
  stream?: string;
  /** kind and id of an operation */
  operation?: string;
  stopped?: string;
  code?: string;
  /** why a webhook's delivery was not taken */
  refusal?: string;
  /** our own sentence; AppErrors hold ids and codes only */
  reason?: string;
  [count: `${string}Count`]: number;
  [time: `${string}Ms`]: number;
};

const logger = new Logger({ serviceName: 'earshot' });

export const logInfo = (message: string, fields: LogFields = {}): void => logger.info(message, fields);
export const logError = (message: string, fields: LogFields = {}): void => logger.error(message, fields);
