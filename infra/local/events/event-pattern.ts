import { compileMatcher, invalidPattern } from './matchers.ts';

/** Whether an event, the whole envelope, is one that a rule asks for. */
export type EventPattern = (event: unknown) => boolean;

/**
 * Reads a rule's pattern: fields with lists of values or matchers, nested objects, `$or`.
 * Throws InvalidEventPatternException for what EventBridge does not take.
 */
export function compilePattern(text: string): EventPattern {
  let pattern: unknown;
  try {
    pattern = JSON.parse(text);
  } catch {
    throw invalidPattern('it is not JSON');
  }
  return compileObject(pattern);
}

function compileObject(pattern: unknown): EventPattern {
  if (!isObject(pattern)) throw invalidPattern('a pattern must be an object');
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw invalidPattern('Empty objects are not allowed');
  const tests = entries.map(([name, wanted]) => (name === '$or' ? compileOr(wanted) : compileField(name, wanted)));
  return (event) => tests.every((test) => test(event));
}

function compileOr(alternatives: unknown): EventPattern {
  if (!Array.isArray(alternatives) || alternatives.length < 2) throw invalidPattern('$or takes two or more patterns');
  const tests = alternatives.map(compileObject);
  return (event) => tests.some((test) => test(event));
}

function compileField(name: string, wanted: unknown): EventPattern {
  const field = (event: unknown) => (isObject(event) && Object.hasOwn(event, name) ? event[name] : undefined);
  if (Array.isArray(wanted)) {
    if (wanted.length === 0) throw invalidPattern('Empty arrays are not allowed');
    const tests = wanted.map(compileMatcher);
    return (event) => {
      const values = leaves(field(event));
      return tests.some((test) => test(values));
    };
  }
  if (!isObject(wanted)) throw invalidPattern(`"${name}" must be an object or an array`);
  const nested = compileObject(wanted);
  return (event) => {
    const value = field(event);
    const objects = (Array.isArray(value) ? value : [value]).filter(isObject);
    // Without an object there is still `exists: false` to be answered.
    return objects.length > 0 ? objects.some(nested) : nested(undefined);
  };
}

/** The values that a matcher sees. An object is no value, so `exists` is false for it, as on AWS. */
function leaves(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(leaves);
  return value === undefined || isObject(value) ? [] : [value];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
