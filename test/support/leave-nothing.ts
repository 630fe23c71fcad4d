import { getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { afterAll, beforeAll, vi } from 'vitest';

/** Runs with each test file that shares its process: what one sets for the whole process the next does not meet. */
const network = getGlobalDispatcher();

beforeAll(() => setGlobalDispatcher(network));
afterAll(() => {
  setGlobalDispatcher(network);
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});
