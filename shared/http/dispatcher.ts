import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici';

/**
 * Loading this file sets the dispatcher that all outgoing requests use, unless somebody has set one already (a test's
 * MockAgent, a wrapper that injects faults). undici itself starts with a plain Agent, so only that one is replaced.
 */
const current = getGlobalDispatcher();
if (Object.getPrototypeOf(current) === Agent.prototype && current.dispatch === Agent.prototype.dispatch) {
  setGlobalDispatcher(
    new Agent({
      connect: { timeout: 5_000 },
      headersTimeout: 30_000,
      bodyTimeout: 30_000,
      // A frozen Lambda wakes up with dead sockets: short enough that most are gone, and a GET survives the rest.
      keepAliveTimeout: 10_000,
      keepAliveMaxTimeout: 60_000,
      connections: 8,
      allowH2: false,
    }),
  );
}
