import { Agent, getGlobalDispatcher, interceptors, MockAgent, setGlobalDispatcher } from 'undici';
import { beforeEach, expect, test, vi } from 'vitest';

beforeEach(() => vi.resetModules());

test('loading the door replaces only the plain agent that undici starts with', async () => {
  const plain = new Agent();
  setGlobalDispatcher(plain);
  await import('#shared/http/request.ts');
  expect(getGlobalDispatcher()).not.toBe(plain);
});

test.each([
  ['a mock', new MockAgent()],
  ['a wrapped agent', new Agent().compose(interceptors.dns())],
])('%s that a test has set stays', async (_what, dispatcher) => {
  setGlobalDispatcher(dispatcher);
  await import('#shared/http/request.ts');
  expect(getGlobalDispatcher()).toBe(dispatcher);
});
