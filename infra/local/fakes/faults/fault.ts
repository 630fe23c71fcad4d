import type { FakeAnswer, FakeRequest } from '../exchange.ts';

/** How bytes leave, where they do not simply leave. Counts are bytes of the body. */
export type WireFault =
  /** sends that many bytes, then resets the connection; -1: not even a head */
  | { readonly kind: 'reset'; readonly afterBytes: number }
  /** sends that many bytes, then closes in good order, so that the reader gets exactly these */
  | { readonly kind: 'close'; readonly afterBytes: number }
  /** sends that many bytes and then nothing, with the connection open; -1: never answers */
  | { readonly kind: 'stall'; readonly afterBytes: number }
  | { readonly kind: 'drip'; readonly bytes: number; readonly everyMs: number }
  /** announces a wrong Content-Length, then closes */
  | { readonly kind: 'wrongLength'; readonly difference: number }
  /** chunks of white space without end */
  | { readonly kind: 'endless' };

/** One misbehaviour; its steps run in the order they stand here, those it lacks are as without it. */
export type Fault = {
  readonly name: string;
  /** changes the world, at the moment of the request */
  readonly before?: (nowMs: number) => void;
  /** points that another integration takes from the budget */
  readonly eat?: number;
  /** what the provider sees in place of the request */
  readonly rewrite?: (request: FakeRequest) => FakeRequest;
  /** answers in the provider's place, at no cost */
  readonly instead?: (request: FakeRequest) => FakeAnswer;
  readonly edit?: (answer: FakeAnswer, request: FakeRequest) => FakeAnswer;
  readonly wire?: WireFault;
};

export type FaultRule = {
  /** `nth`: 1 for the first request of this method and path */
  readonly match: (request: FakeRequest, nth: number) => boolean;
  readonly fault: Fault;
};

/** The first rule that matches is played. */
export type FaultPlan = readonly FaultRule[];

/**
 * A rule's condition in words: path as a whole text or a pattern; of the requests of one method and path the `nth`
 * (numbers), those up to `first` or those after `after`.
 */
export function when(condition: {
  readonly path?: string | RegExp;
  readonly method?: string;
  readonly nth?: number | readonly number[];
  readonly first?: number;
  readonly after?: number;
  readonly query?: Readonly<Record<string, string>>;
}): FaultRule['match'] {
  const { path, method, nth, first = Number.POSITIVE_INFINITY, after = 0, query = {} } = condition;
  const numbers = typeof nth === 'number' ? [nth] : nth;
  return (request, count) => {
    const url = new URL(request.url);
    const pathFits = path === undefined || (typeof path === 'string' ? url.pathname === path : path.test(url.pathname));
    return (
      pathFits &&
      (method === undefined || request.method === method) &&
      (numbers === undefined || numbers.includes(count)) &&
      count <= first &&
      count > after &&
      Object.entries(query).every(([name, value]) => url.searchParams.get(name) === value)
    );
  };
}
