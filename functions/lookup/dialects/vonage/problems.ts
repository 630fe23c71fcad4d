import * as z from 'zod';
import { type FieldFault, Problem } from '../../http/problem.ts';

/** Vonage's name of what we call the cursor. */
const shownName = (name: string): string => (name === 'cursor' ? 'continuationToken' : name);

const faultText = ({ name, description }: FieldFault): string => `${shownName(name)}: ${description}`;

/** `{"message"}`, as the vendor's own code reads it. */
export function writeProblem({ fault }: Problem): unknown {
  const faults = (fault.fields ?? []).map(faultText);
  return { message: [fault.message, faults.join('; ')].filter((part) => part !== '').join(' ') };
}

const messageSchema = z.object({ message: z.string() });
const versionFault = z.object({
  error: z.object({
    code: z.enum(['ApiVersionUnspecified', 'UnsupportedApiVersion']),
    message: z.string(),
    innerError: z.null(),
  }),
});

export const isAnalyzer = (path: string): boolean => path.startsWith('/conversation-analyzer/');

/** The analyzer alone writes faults of its version in a shape of their own (docs-vcc.atlassian.net/wiki/x/FYOP1). */
export const errorSchema = (path: string): z.ZodType =>
  isAnalyzer(path) ? z.union([messageSchema, versionFault]) : messageSchema;

type VersionCode = z.output<typeof versionFault>['error']['code'];

export function versionProblem(path: string, code: VersionCode, message: string): Problem {
  const body = isAnalyzer(path) ? versionFault.parse({ error: { code, message, innerError: null } }) : undefined;
  return new Problem(400, { code, message }, {}, body);
}
