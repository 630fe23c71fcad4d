import type { Dispatcher } from 'undici';
import { passGate } from './gate.ts';

/** The end of a file that comes after the stop in the middle of its body (bytes), of a short one its half. */
const tailBytes = 64 * 1024;

/** A file on its way: waits before its end comes. `isWhole` unless it is the rest of one. */
export type InTheMiddle = (file: { bytes: number; isWhole: boolean }) => Promise<void>;

/**
 * A network whose answers come through the gate: a stop falls before the request is sent, or before its answer comes, or
 * in the middle of a file's bytes.
 */
export function gatedNetwork(network: Dispatcher, inTheMiddle: InTheMiddle): Dispatcher {
  return network.compose((dispatch) => (options, handler) => {
    const name = `${options.method} ${options.path.split('?')[0]}`;
    void passGate(name, () => answered(dispatch, options, handler)).then(async ({ first, rest, file }) => {
      first();
      if (!file) return;
      await passGate(`${name}, its end`, () => inTheMiddle(file));
      rest();
    });
    return true;
  });
}

type Answered = { first: () => void; rest: () => void; file: Parameters<InTheMiddle>[0] | null };

/** Lets the answer arrive whole, then gives back how to play it to the caller: a file in two parts. */
function answered(
  dispatch: Dispatcher['dispatch'],
  options: Dispatcher.DispatchOptions,
  handler: Dispatcher.DispatchHandler,
): Promise<Answered> {
  const first: (() => void)[] = [];
  const rest: (() => void)[] = [];
  let steps = first;
  let file: Answered['file'] = null;
  const { promise, resolve } = Promise.withResolvers<Answered>();
  const all = (list: readonly (() => void)[]) => () => {
    for (const play of list) play();
  };
  const done = (step: () => void): void => {
    steps.push(step);
    resolve({ first: all(first), rest: all(rest), file });
  };
  let status = 0;
  let isFile = false;
  dispatch(options, {
    onRequestStart: (...call) => void steps.push(() => handler.onRequestStart?.(...call)),
    onResponseStart: (...call) => {
      const [, code, headers] = call;
      status = code;
      isFile = code < 300 && headers['accept-ranges'] === 'bytes';
      steps.push(() => handler.onResponseStart?.(...call));
    },
    onResponseData: (controller, bytes) => {
      const cut = isFile ? bytes.length - Math.min(tailBytes, Math.floor(bytes.length / 2)) : bytes.length;
      steps.push(() => handler.onResponseData?.(controller, bytes.subarray(0, cut)));
      if (!isFile) return;
      file = { bytes: bytes.length, isWhole: status === 200 };
      steps = rest;
      steps.push(() => handler.onResponseData?.(controller, bytes.subarray(cut)));
    },
    onResponseEnd: (...call) => done(() => handler.onResponseEnd?.(...call)),
    onResponseError: (...call) => done(() => handler.onResponseError?.(...call)),
  });
  return promise;
}
