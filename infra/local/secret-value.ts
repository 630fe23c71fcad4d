import { randomInt } from 'node:crypto';
import type { SecretValue } from './template/description.ts';

/** The first value of a secret, as Secrets Manager would make it from the template. */
export function makeSecretValue(value: SecretValue): string {
  if (value.kind === 'text') return value.text;
  const marks = Array.from({ length: value.length }, () => value.alphabet.charAt(randomInt(value.alphabet.length)));
  const text = marks.join('');
  if (!value.template) return text;
  return JSON.stringify({ ...JSON.parse(value.template.json), [value.template.key]: text });
}
