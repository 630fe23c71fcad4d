import { flushCompileCache } from 'node:module';
import { ConfigInvalid } from '#shared/domain/errors.ts';
import { readArguments } from './arguments.ts';
import { type Machine, startMachine } from './machine.ts';
import { SynthesisFailed } from './synthesize.ts';
import { TemplateError } from './template/template-error.ts';

/** `npm start`: everything on this machine, until a signal. */

/** A clean stop has five seconds; whatever is left after this was acknowledged to nobody (milliseconds). */
const stopMs = 4500;

/** How often we look whether npm is still there (milliseconds). */
const parentEveryMs = 100;

// Lambda's clocks show UTC.
process.env['TZ'] = 'UTC';
// Who reads our output may go away before us; that is no reason to fall over.
process.stdout.on('error', () => undefined);

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stopping.abort());
stopping.signal.addEventListener('abort', () => setTimeout(() => process.exit(0), stopMs).unref());

// npm killed the hard way can tell us nothing; what it started must not hold port and data for ever.
if (process.env['npm_lifecycle_event'] === 'start') watchParent();

let machine: Machine | undefined;
try {
  machine = await startMachine(readArguments(process.argv.slice(2), process.env), { say, signal: stopping.signal });
} catch (error) {
  if (!stopping.signal.aborted) refuse(error);
}
// A process that is killed later would leave the next start nothing.
flushCompileCache();
await aborted(stopping.signal);
await machine?.stop();
process.exit(0);

/** Ends this process, as a kill would, once its parent is gone. */
function watchParent(): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    say('npm is gone: Earshot ends as if it had been killed too.');
    process.kill(process.pid, 'SIGKILL');
  }, parentEveryMs);
  timer.unref();
}

function refuse(error: unknown): never {
  for (const line of explain(error)) process.stderr.write(`${line}\n`);
  process.exit(1);
}

function explain(error: unknown): readonly string[] {
  if (error instanceof ConfigInvalid) return error.faults;
  if (error instanceof SynthesisFailed) return [error.message];
  if (error instanceof TemplateError) return [`The template cannot be run on one machine. ${error.message}`];
  return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener('abort', () => done());
  });
}
