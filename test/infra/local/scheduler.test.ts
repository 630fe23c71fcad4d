import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { parseRate } from '#infra/local/scheduler/rate-expression.ts';
import { type LocalScheduler, startScheduler } from '#infra/local/scheduler/start-scheduler.ts';

let scheduler: LocalScheduler;
let fired: { at: number; target: string; input: string }[];
let problems: string[];
let work: () => Promise<void>;
let start: number;

beforeEach(async () => {
  fired = [];
  problems = [];
  work = async () => undefined;
  scheduler = await startScheduler({
    invoke: async ({ target, input }) => {
      fired.push({ at: Date.now() - start, target, input });
      await work();
    },
    report: (problem) => problems.push(problem),
    now: () => Date.now(),
  });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  start = Date.now();
});

afterEach(async () => {
  const closing = scheduler.close();
  await vi.advanceTimersByTimeAsync(2000); // for invocations that do not end
  await closing;
  vi.useRealTimers();
});

const add = (expression: string, name = 'poll') =>
  scheduler.add({ name, expression, target: 'arn:f', input: '{"n":1}', role: 'arn:role' });
const moments = () => fired.map(({ at }) => at);
const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

it('fires at once, then each period', async () => {
  add('rate(1 minute)');
  await vi.advanceTimersByTimeAsync(120_000);
  expect(fired[0]).toEqual({ at: 0, target: 'arn:f', input: '{"n":1}' });
  expect(moments()).toEqual([0, 60_000, 120_000]);
});

it('never runs a schedule twice at once, and keeps its beat', async () => {
  work = () => wait(1200);
  add('rate(500 milliseconds)');
  await vi.advanceTimersByTimeAsync(3100);
  expect(moments()).toEqual([0, 1500, 3000]);
});

it('lets schedules run side by side', async () => {
  work = () => wait(10_000);
  add('rate(5 seconds)', 'a');
  add('rate(5 seconds)', 'b');
  await vi.advanceTimersByTimeAsync(1);
  expect(moments()).toEqual([0, 0]);
});

it('goes on after an invocation that failed, and says so', async () => {
  work = () => Promise.reject(new Error('out of order'));
  add('rate(1 hour)');
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(moments()).toEqual([0, 3_600_000]);
  expect(problems).toEqual(['schedule poll: out of order', 'schedule poll: out of order']);
});

it('does not take a period longer than a timer for none', async () => {
  add('rate(30 days)');
  await vi.advanceTimersByTimeAsync(29 * 86_400_000);
  expect(moments()).toEqual([0]);
  await vi.advanceTimersByTimeAsync(86_400_000);
  expect(moments()).toEqual([0, 30 * 86_400_000]);
});

it('stops: waits for what runs and starts nothing more', async () => {
  let finish: () => void = () => undefined;
  work = () =>
    new Promise((resolve) => {
      finish = resolve;
    });
  add('rate(100 milliseconds)');
  await vi.advanceTimersByTimeAsync(50);
  let closed = false;
  const closing = scheduler.close().then(() => {
    closed = true;
  });
  await vi.advanceTimersByTimeAsync(1000);
  expect(closed).toBe(false);
  finish();
  await closing;
  await vi.advanceTimersByTimeAsync(1000);
  expect(moments()).toEqual([0]);
});

it('stops without an invocation that does not end', async () => {
  work = () => new Promise(() => undefined);
  add('rate(1 minute)');
  await vi.advanceTimersByTimeAsync(1);
  const closing = scheduler.close();
  await vi.advanceTimersByTimeAsync(2000);
  await closing;
});

it('reads rates and refuses what it cannot keep', () => {
  expect(
    ['rate(1 minute)', 'rate(5 minutes)', 'rate(2 hours)', 'rate(1 day)', 'rate(5 seconds)'].map(parseRate),
  ).toEqual([60_000, 300_000, 7_200_000, 86_400_000, 5000]);
  expect(() => add('cron(0 12 * * ? *)')).toThrow('the schedule expression cron(0 12 * * ? *) is not supported');
  for (const wrong of ['rate(0 minutes)', 'rate(5 weeks)', 'rate(five minutes)', 'every 5 minutes', 'rate(-1 hours)']) {
    expect(() => add(wrong)).toThrow('Invalid Schedule Expression');
  }
  add('rate(1 hour)');
  expect(() => add('rate(1 hour)')).toThrow('already exists');
});

it('names every operation that comes over the wire', async () => {
  const named = async (method: string, path: string) => (await fetch(scheduler.url + path, { method })).text();
  expect(await named('POST', '/schedules/x')).toContain('Scheduler operation CreateSchedule is not supported');
  expect(await named('GET', '/schedule-groups?MaxResults=1')).toContain('ListScheduleGroups');
});
