import { ResponseInvalid } from '#shared/domain/errors.ts';

/** Deepest nesting accepted: whatever walks a value after us may recurse without fear. */
const maxDepth = 200;

type Findings = { tooDeep: boolean; unsafeInteger: boolean };

/**
 * The JSON value of an answer's bytes. Keys named `__proto__` are dropped; an integer that a double cannot hold
 * becomes text, digit by digit, since such a number can only be an id. A byte order mark is skipped and bytes that are
 * no UTF-8 become U+FFFD, so that one bad name does not stop a whole page. Throws ResponseInvalid, whose message never
 * quotes the body (that of a SyntaxError does).
 */
export function parseJson(bytes: Buffer, label: string): unknown {
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  const value = parse(text, label);
  const findings = { tooDeep: false, unsafeInteger: false };
  tidy(value, maxDepth, findings);
  if (findings.tooDeep) throw new ResponseInvalid(`${label}: JSON nested deeper than ${maxDepth} levels`);
  if (!findings.unsafeInteger) return value;
  const exact = parse(text, label, keepDigits);
  tidy(exact, maxDepth, findings);
  return exact;
}

type Reviver = (key: string, value: unknown, context?: { source?: string }) => unknown;

function parse(text: string, label: string, reviver?: Reviver): unknown {
  try {
    return JSON.parse(text, reviver);
  } catch {
    throw new ResponseInvalid(`${label}: not JSON`);
  }
}

const isUnsafeInteger = (value: unknown): boolean => Number.isInteger(value) && !Number.isSafeInteger(value);

const keepDigits: Reviver = (_key, value, context) =>
  isUnsafeInteger(value) && /^-?\d+$/.test(context?.source ?? '') ? context?.source : value;

/** One walk for all three checks: on parsed values it costs a fraction of a scan over the text. */
function tidy(value: unknown, levelsLeft: number, findings: Findings): void {
  if (typeof value === 'number') {
    if (isUnsafeInteger(value)) findings.unsafeInteger = true;
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (levelsLeft === 0) {
    findings.tooDeep = true;
    return;
  }
  if (Array.isArray(value)) {
    for (const element of value) tidy(element, levelsLeft - 1, findings);
    return;
  }
  const fields = value as Record<string, unknown>; // parsed JSON that is neither null nor an array
  for (const key in fields) {
    if (key === '__proto__') delete fields[key];
    else tidy(fields[key], levelsLeft - 1, findings);
  }
}
