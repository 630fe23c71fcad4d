import { constants, getPriority } from 'node:os';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { LocalFunction } from '#infra/local/lambda/function-pool.ts';
import { functionMaker } from './made-function.ts';

const { make, close, remove } = functionMaker();
afterEach(close);
afterAll(remove);

const returned = async (target: LocalFunction, event: unknown = {}): Promise<unknown> => {
  const outcome = await target.invoke(event);
  return outcome.kind === 'returned' ? JSON.parse(outcome.payload) : outcome;
};

describe('a function', () => {
  test('has an environment and globals of its own', async () => {
    const code = `
      globalThis.seen = (globalThis.seen ?? 0);
      process.env.LEAK ??= process.env.MINE;
      export const handler = async () => ({ seen: ++globalThis.seen, leak: process.env.LEAK, mine: process.env.MINE,
        s3: process.env.AWS_ENDPOINT_URL_S3, region: process.env.AWS_REGION, outside: process.env.OUTSIDE ?? null });`;
    process.env['OUTSIDE'] = 'of the main process';
    const [one, two] = [make(code, { environment: { MINE: 'a' } }), make(code, { environment: { MINE: 'b' } })];
    const common = { s3: 'http://127.0.0.1:9', region: 'us-east-1', outside: null };
    expect(await returned(one)).toEqual({ seen: 1, leak: 'a', mine: 'a', ...common });
    expect(await returned(one)).toEqual({ seen: 2, leak: 'a', mine: 'a', ...common });
    expect(await returned(two)).toEqual({ seen: 1, leak: 'b', mine: 'b', ...common });
    expect(process.env['LEAK']).toBeUndefined();
    delete process.env['OUTSIDE'];
  });

  test('gets event and context, and what it prints is captured', async () => {
    const target = make(`export const handler = async (event, context) => { console.log('hello ' + event.who);
      return [event.who, context.functionName, context.getRemainingTimeInMillis() > 9000, context.awsRequestId.length]; };`);
    expect(await returned(target, { who: 'Ada' })).toEqual(['Ada', target.definition.name, true, 36]);
    await expect.poll(target.printed).toContain('hello Ada');
  });

  test('lets others go first where nobody waits for it, as far as the system knows priorities of threads', async () => {
    const code = `import { getPriority } from 'node:os'; export const handler = async () => getPriority();`;
    const own = getPriority();
    const low = Math.max(own, constants.priority.PRIORITY_BELOW_NORMAL);
    expect(await returned(make(code))).toBe(own);
    expect(await returned(make(code, {}, false))).toBe(process.platform === 'linux' ? low : own);
    expect(getPriority()).toBe(own);
  });

  test('runs one invocation at a time in an instance, and no more instances than its limit', async () => {
    const code = `let running = 0; const mine = Math.random();
      export const handler = async () => { running++; await new Promise((r) => setTimeout(r, 30)); const most = running; running--; return [mine, most]; };`;
    const target = make(code, { concurrency: 2 });
    const answers = (await Promise.all([1, 2, 3, 4, 5].map(() => returned(target)))) as [number, number][];
    expect(answers.map(([, most]) => most)).toEqual([1, 1, 1, 1, 1]);
    expect(new Set(answers.map(([instance]) => instance)).size).toBe(2);
  });

  test('is ended when its time is over, and the next invocation gets a fresh instance', async () => {
    const target = make(
      `let calls = 0; export const handler = async ({ spin }) => { calls++; while (spin) {} return calls; };`,
      { timeoutMs: 1000 },
    );
    expect(await returned(target)).toBe(1);
    expect(await returned(target, { spin: true })).toEqual({
      kind: 'failed',
      error: { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out after 1.00 seconds' },
    });
    expect(await returned(target)).toBe(1);
  });

  test.each([
    ['exits', 'process.exit(3)', 'Runtime.ExitError'],
    [
      'throws outside of its promise',
      'setImmediate(() => { throw new RangeError("x") }); await new Promise(() => {})',
      'RangeError',
    ],
  ])('that %s fails that invocation only', async (_, crash, errorType) => {
    const target = make(
      `let calls = 0; export const handler = async ({ bad }) => { calls++; if (bad) { ${crash} } return calls; };`,
    );
    expect(await returned(target)).toBe(1);
    expect(await returned(target, { bad: true })).toMatchObject({ kind: 'failed', error: { errorType } });
    expect(await returned(target)).toBe(1);
  });

  test('that throws keeps its instance; one that cannot load says so each time', async () => {
    const target = make(
      `let calls = 0; export const handler = async ({ bad }) => { calls++; if (bad) throw new TypeError('no'); return calls; };`,
    );
    expect(await returned(target, { bad: true })).toEqual({
      kind: 'failed',
      error: { errorType: 'TypeError', errorMessage: 'no' },
    });
    expect(await returned(target)).toBe(2);
    const broken = make(`export const other = 1;`);
    for (let i = 0; i < 2; i++)
      expect(await returned(broken)).toMatchObject({
        kind: 'failed',
        error: { errorMessage: expect.stringContaining('not exported') },
      });
  });
});
