import type { Method } from '#functions/lookup/route.ts';

/** A request that the API's documents show, sent by `api-examples.test.ts` over the records of `provider-world.ts`. */
export type ExampleRequest = {
  /** operationId of the address */
  operation: string;
  /** unique for the operation, a word */
  name: string;
  about: string;
  method?: Method;
  /** path and query */
  target: string;
  headers?: Record<string, string>;
  /** JSON, or text as it is */
  body?: unknown;
  /** whether it is sent without a token */
  open?: boolean;
};

/** The conversations of that world. */
export const vonageCall = '0164705c-c206-dce9-d61a-9899855326a0';
export const magpipeCall = '7f3d8e00-a1b2-4c3d-9e4f-567890abcdef';
export const salesloftMeeting = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
export const talkdeskCall = '597a2201-9d7e-470e-a699-abc5ec114973';
