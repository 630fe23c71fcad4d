import { setImmediate } from 'node:timers/promises';
import type { Dispatcher } from 'undici';

/** Turns of the event loop in which whoever reads a body has read what is there. */
const turns = 5;

/** Lets the bytes before a broken connection arrive, as they do over a socket, so that what was sent can be counted. */
export const arriving: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) =>
  dispatch(options, {
    onRequestStart: (...told) => handler.onRequestStart?.(...told),
    onResponseStart: (...told) => handler.onResponseStart?.(...told),
    onResponseData: (...told) => handler.onResponseData?.(...told),
    onResponseEnd: (...told) => handler.onResponseEnd?.(...told),
    onResponseError: (...told) => {
      void pass().then(() => handler.onResponseError?.(...told));
    },
  });

async function pass(): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await setImmediate();
}
