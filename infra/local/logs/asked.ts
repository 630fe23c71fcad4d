import type { Ask } from '../access/grants.ts';
import { memberText } from '../aws-json.ts';
import { logStreamArn } from '../template/arns.ts';

/** The right that an operation on a log group's stream takes. */
export const askedOfLogs = (operation: string, input: unknown): Ask[] => [
  {
    action: `logs:${operation}`,
    resource: logStreamArn(memberText(input, 'logGroupName'), memberText(input, 'logStreamName')),
  },
];
