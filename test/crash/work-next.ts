import type { Clock } from '#shared/http/clock.ts';
import type { Waiting } from './clients.ts';
import { passGate } from './gate.ts';

/** How long a message whose run has failed is not seen, and how often it may fail. */
const visibilityMs = 60_000;
const mostFailures = 3;

/** Works one message off; its job comes again until a run of it has ended. False where there is none to be seen. */
export async function workNext<Job>(
  { messages }: Waiting<Job>,
  clock: Clock,
  work: (job: Job) => Promise<unknown>,
): Promise<boolean> {
  const seen = messages.toSorted((a, b) => a.visibleAt - b.visibleAt)[0];
  if (!seen) return false;
  // Nothing else happens meanwhile.
  if (seen.visibleAt > clock.now()) await clock.sleep(seen.visibleAt - clock.now());
  try {
    await work(seen.job);
  } catch (error) {
    seen.failures += 1;
    if (seen.failures > mostFailures) throw error;
    seen.visibleAt = clock.now() + visibilityMs;
    return true;
  }
  await passGate('DeleteMessage', async () => {
    if (messages.includes(seen)) messages.splice(messages.indexOf(seen), 1);
  });
  return true;
}
