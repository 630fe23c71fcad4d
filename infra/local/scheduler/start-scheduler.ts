import { AwsError, notSupported } from '../aws-error.ts';
import { type LocalServer, listen } from '../listen.ts';
import { schedulerOperation } from './operation-name.ts';
import { parseRate } from './rate-expression.ts';

export type Schedule = {
  name: string;
  /** `rate(5 minutes)`; here also with seconds and milliseconds */
  expression: string;
  /** ARN of the target */
  target: string;
  /** JSON text that the target gets */
  input: string;
  /** ARN of the role that it invokes the target as */
  role: string;
};

export type SchedulerOptions = {
  /** runs the target; the next firing of the schedule waits until this has ended */
  invoke: (schedule: Schedule) => Promise<void>;
  /** told of an invocation that failed; the schedule goes on */
  report?: (problem: string) => void;
  now?: () => number;
};

export type LocalScheduler = LocalServer & {
  /** Starts a schedule. Throws ValidationException or NotImplemented for one that it cannot keep. */
  add(schedule: Schedule): void;
};

/** setTimeout takes no more, and fires at once instead. */
const longestTimerMs = 2 ** 31 - 1;
/** How long `close` waits for invocations that still run; the machine has 5 s to stop in all. */
const graceMs = 2000;

/**
 * The embedded Scheduler. A schedule fires at once when it is added (nobody at a laptop wants to wait five minutes to see
 * something) and then each period after that. A firing is left out while the one before still runs. Nothing is kept:
 * the schedules come from the template at every start. Over the wire every operation is refused by name.
 */
export async function startScheduler(options: SchedulerOptions): Promise<LocalScheduler> {
  const { invoke, report = (problem) => console.error(problem), now = Date.now } = options;
  const timers = new Map<string, NodeJS.Timeout>();
  const running = new Map<string, Promise<void>>();
  let closed = false;

  async function run(schedule: Schedule): Promise<void> {
    try {
      await invoke(schedule);
    } catch (error) {
      report(`schedule ${schedule.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
    running.delete(schedule.name);
  }

  /** Fires if it is time, then waits for the next multiple of the period. */
  function tick(schedule: Schedule, due: number, period: number): void {
    if (closed) return;
    let next = due;
    if (now() >= due) {
      if (!running.has(schedule.name)) running.set(schedule.name, run(schedule));
      next = due + Math.ceil((now() - due + 1) / period) * period;
    }
    const wait = Math.min(longestTimerMs, next - now());
    timers.set(schedule.name, setTimeout(tick, wait, schedule, next, period));
  }

  const server = await listen(async (request, response) => {
    const refusal = notSupported(`Scheduler operation ${schedulerOperation(request.method ?? '', request.url ?? '')}`);
    request.resume();
    response.writeHead(refusal.status, { 'content-type': 'application/json', 'x-amzn-errortype': refusal.code });
    response.end(JSON.stringify({ Message: refusal.message }));
  });

  return {
    url: server.url,
    add(schedule) {
      const period = parseRate(schedule.expression);
      if (/<aws\.scheduler\./.test(schedule.input))
        throw notSupported('a context attribute in the input of a schedule');
      if (timers.has(schedule.name))
        throw new AwsError('ConflictException', `Schedule ${schedule.name} already exists.`, 409);
      timers.set(schedule.name, setTimeout(tick, 0, schedule, now(), period));
    },
    async close() {
      closed = true;
      for (const timer of timers.values()) clearTimeout(timer);
      let giveUp: NodeJS.Timeout | undefined;
      const grace = new Promise((resolve) => {
        giveUp = setTimeout(resolve, graceMs);
      });
      await Promise.race([Promise.all(running.values()), grace]);
      clearTimeout(giveUp);
      await server.close();
    },
  };
}
