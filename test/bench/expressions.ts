/**
 * DynamoDB's condition and update expressions, as far as our storage writes them: for a table in memory whose calls cost
 * nothing (quick-table.ts). What it does not know is an error.
 */
export type Item = Record<string, unknown>;
type Names = Readonly<Record<string, string>> | undefined;
type Values = Readonly<Record<string, unknown>> | undefined;

type Reader = { next: () => string; peek: () => string | undefined; take: (word: string) => boolean };

const known = new Map<string, readonly string[]>();

function read(expression: string): Reader {
  const tokens = known.get(expression) ?? expression.match(/<=|>=|[()<>=,+]|[:#]?\w+/g) ?? [];
  known.set(expression, tokens);
  let at = 0;
  return {
    next: () => tokens[at++] ?? '',
    peek: () => tokens[at],
    take: (word) => {
      const found = tokens[at] === word;
      if (found) at += 1;
      return found;
    },
  };
}

function expect(reader: Reader, word: string): void {
  if (!reader.take(word)) throw new Error(`expected ${word} at ${reader.peek()}`);
}

const nameOf = (token: string, names: Names): string => (token.startsWith('#') ? (names?.[token] ?? token) : token);

const operandOf = (token: string, item: Item, names: Names, values: Values): unknown =>
  token.startsWith(':') ? values?.[token] : item[nameOf(token, names)];

/** Whether a condition holds; a missing attribute compares with nothing. */
export function holds(expression: string | undefined, item: Item, names: Names, values: Values): boolean {
  if (expression === undefined) return true;
  const reader = read(expression);
  const operand = (): unknown => operandOf(reader.next(), item, names, values);
  const single = (): boolean => {
    if (reader.take('(')) {
      const inner = any();
      expect(reader, ')');
      return inner;
    }
    if (reader.take('attribute_not_exists')) {
      expect(reader, '(');
      const missing = operand() === undefined;
      expect(reader, ')');
      return missing;
    }
    const [left, operator, right] = [operand(), reader.next(), operand()];
    if (operator !== 'BETWEEN') return compare(left, operator, right);
    expect(reader, 'AND');
    const most = operand();
    return compare(left, '>=', right) && compare(left, '<=', most);
  };
  const all = (): boolean => {
    let result = single();
    while (reader.take('AND')) result = single() && result;
    return result;
  };
  const any = (): boolean => {
    let result = all();
    while (reader.take('OR')) result = all() || result;
    return result;
  };
  return any();
}

function compare(left: unknown, operator: string, right: unknown): boolean {
  if (operator === '=') return left === right;
  const numbers = typeof left === 'number' && typeof right === 'number';
  const texts = typeof left === 'string' && typeof right === 'string';
  if (!numbers && !texts) return false;
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  if (operator === '>') return left > right;
  if (operator === '>=') return left >= right;
  throw new Error(`unknown operator ${operator}`);
}

/** The item after an update. */
export function updated(expression: string, item: Item, names: Names, values: Values): Item {
  const reader = read(expression);
  const result = { ...item };
  const operand = (): unknown => {
    if (!reader.take('if_not_exists')) return operandOf(reader.next(), item, names, values);
    expect(reader, '(');
    const kept = operand();
    expect(reader, ',');
    const otherwise = operand();
    expect(reader, ')');
    return kept ?? otherwise;
  };
  while (reader.peek() !== undefined) {
    const section = reader.next();
    do {
      const name = nameOf(reader.next(), names);
      if (section === 'SET') {
        expect(reader, '=');
        const value = operand();
        result[name] = reader.take('+') ? Number(value) + Number(operand()) : value;
      } else if (section === 'ADD') result[name] = Number(item[name] ?? 0) + Number(operand());
      else if (section === 'REMOVE') delete result[name];
      else throw new Error(`unknown section ${section}`);
    } while (reader.take(','));
  }
  return result;
}
