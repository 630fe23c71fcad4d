import { describe, expect, it } from 'vitest';
import { connectionHealth } from '#functions/lookup/v1/connection-health.ts';
import { connectionSchema } from '#shared/domain/connections.ts';
import * as errors from '#shared/domain/errors.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { howItEnded } from '#shared/ingest/run-end.ts';
import { type StreamState, streamStateSchema } from '#shared/storage/streams.ts';
import { epoch } from '#test/support/records.ts';

const connection = connectionSchema.parse({ id: 'sales', provider: 'salesloft', credentials: { token: 't' } });
const streamWith = (more: Partial<StreamState>): StreamState => ({
  ...streamStateSchema.parse({ connection: 'sales', stream: 's', provider: 'salesloft', fence: 1, leaseUntil: 0 }),
  ...more,
});
const health = (more: Partial<StreamState>, over = connection) => connectionHealth(over, [streamWith(more)], epoch);

/** Every error that a run can end with, as the run's end writes it down. */
const codes = Object.values(errors).flatMap((Each) => {
  if (Each === errors.AppError) return [];
  const error = new (Each as new (...given: unknown[]) => Error)(['x'], 0);
  const { end } = howItEnded(error, epoch, 0);
  return end && 'lastError' in end ? [end.lastError.code] : [];
});
const adviceFor = (code: string) => health({ lastError: { code, at: epoch } }).lastError?.advice ?? '';
const general = adviceFor('Unexpected');

describe('what to do', () => {
  it('is said for every error that a run ends with, each in its own words and as a sentence', () => {
    expect(codes.length).toBeGreaterThan(8);
    for (const code of codes) {
      expect(adviceFor(code), code).toMatch(/^[A-Z].{30,}\.$/);
      expect(adviceFor(code), code).not.toBe(general);
    }
    expect(new Set(codes.map(adviceFor)).size).toBe(codes.length);
    expect(general).toContain('log');
  });

  it('is not said where the last run was good', () => {
    expect(health({}).lastError).toBe(null);
  });
});

describe('silence', () => {
  const silence = { checkedAt: epoch, since: epoch - 18_000_000 };

  it('stands beside the state, which it does not change, and with no error of its own', () => {
    expect(health({ silence })).toMatchObject({
      ...{ state: 'healthy', lastError: null, silentSince: formatInstant(epoch - 18_000_000) },
    });
    expect(health({ silence: { ...silence, since: null } }).silentSince).toBe(null);
    expect(health({}).silentSince).toBe(null);
  });

  it('is not said of who is not read at all', () => {
    expect(health({ silence }, { ...connection, paused: true })).toMatchObject({ state: 'stopped', silentSince: null });
    expect(connectionHealth(undefined, [streamWith({ silence })], epoch).silentSince).toBe(null);
  });
});
