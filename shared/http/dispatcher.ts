import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { agentOptions, connectMs } from './agent-options.ts';

/**
 * Loading this file sets the dispatcher of requests to trusted hosts (host-rules.ts), unless somebody has set one already
 * (a test's MockAgent, a wrapper that injects faults). undici itself starts with a plain Agent, so only that one is
 * replaced. Other hosts are reached through public-dispatcher.ts.
 */
const current = getGlobalDispatcher();
if (Object.getPrototypeOf(current) === Agent.prototype && current.dispatch === Agent.prototype.dispatch) {
  setGlobalDispatcher(new Agent({ ...agentOptions, connect: { timeout: connectMs } }));
}
