import { ConfigInvalid } from '#shared/domain/errors.ts';

/** The value of an environment variable. Throws ConfigInvalid where it is missing. The one place that reads process.env. */
export function requireEnv(name: string): string {
  const value = process.env[name];
  if (!value) throw new ConfigInvalid([`environment variable ${name} is not set`]);
  return value;
}

/** The value of an environment variable, or undefined. */
export const findEnv = (name: string): string | undefined => process.env[name] || undefined;
