import { AwsError, notSupported } from '../aws-error.ts';
import { type Match, textMatchers } from './text-match.ts';

type Operand = unknown;

const comparisons: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  '=': (value, limit) => value === limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
};

/** Throws what EventBridge answers to a pattern that it does not take. */
export function invalidPattern(reason: string): AwsError {
  return new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`);
}

/**
 * The test of one entry in a field's list: a plain value, or an object with one matcher. It is given the field's values
 * (several if the field is a list, none if it is absent). Throws InvalidEventPatternException or NotImplemented.
 */
export function compileMatcher(entry: Operand): (values: readonly unknown[]) => boolean {
  if (typeof entry !== 'object' || entry === null) return (values) => values.includes(entry);
  const [[name, operand] = ['', null], ...more] = Object.entries(entry);
  if (Array.isArray(entry) || name === '' || more.length > 0)
    throw invalidPattern('a matcher must have exactly one name');
  if (name === 'exists') {
    if (typeof operand !== 'boolean') throw invalidPattern('exists must be true or false');
    return (values) => values.length > 0 === operand;
  }
  const match = compileValueMatcher(name, operand);
  return (values) => values.some(match);
}

function compileValueMatcher(name: string, operand: Operand): Match {
  if (name === 'numeric') return compileNumeric(operand);
  if (name === 'anything-but') return compileAnythingBut(operand);
  if (name === 'cidr') throw notSupported('EventBridge matcher cidr');
  return compileText(name, operand);
}

function compileText(name: string, operand: Operand): Match {
  const make = Object.hasOwn(textMatchers, name) ? textMatchers[name] : undefined;
  if (!make) throw invalidPattern(`Unrecognized match type ${name}`);
  if (typeof operand === 'string') {
    if (name === 'wildcard' && /(?<!\\)\*\*/.test(operand)) throw invalidPattern('consecutive wildcard characters');
    return make(operand);
  }
  const folded = name === 'prefix' || name === 'suffix' ? ignoreCaseOperand(operand) : undefined;
  if (folded === undefined) throw invalidPattern(`${name} must be text`);
  const match = make(folded.toLowerCase());
  return (value) => match(typeof value === 'string' ? value.toLowerCase() : value);
}

function ignoreCaseOperand(operand: Operand): string | undefined {
  const [[name, text] = [], ...more] = Object.entries(operand ?? {});
  return name === 'equals-ignore-case' && typeof text === 'string' && more.length === 0 ? text : undefined;
}

function compileNumeric(operand: Operand): Match {
  const parts: unknown[] = Array.isArray(operand) ? operand : [];
  const tests: ((value: number) => boolean)[] = [];
  for (let at = 0; at < parts.length; at += 2) {
    const [operator, limit] = [parts[at], parts[at + 1]];
    const compare = typeof operator === 'string' && Object.hasOwn(comparisons, operator) && comparisons[operator];
    if (!compare || typeof limit !== 'number') throw invalidPattern('numeric takes operators, each with a number');
    tests.push((value) => compare(value, limit));
  }
  if (tests.length < 1 || tests.length > 2) throw invalidPattern('numeric takes one or two comparisons');
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

function compileAnythingBut(operand: Operand): Match {
  const isMatcher = typeof operand === 'object' && operand !== null && !Array.isArray(operand);
  if (!isMatcher) {
    const refused = listOf(operand);
    if (refused.some((one) => typeof one === 'object' && one !== null))
      throw invalidPattern('anything-but takes values');
    return (value) => !refused.includes(value);
  }
  const [[name, texts] = ['', null], ...more] = Object.entries(operand);
  if (more.length > 0) throw invalidPattern('anything-but takes one matcher');
  const refused = listOf(texts).map((text) => compileText(name, text));
  return (value) => !refused.some((match) => match(value));
}

function listOf(operand: Operand): unknown[] {
  const list = Array.isArray(operand) ? operand : [operand];
  if (list.length === 0) throw invalidPattern('Empty arrays are not allowed');
  return list;
}
