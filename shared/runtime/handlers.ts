import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { errorFields } from './error-fields.ts';
import { logError } from './log.ts';

/** A handler for work that nobody waits for (a schedule, a stream): the edge logs a failure once and lets it fail. */
export const workHandler = <Event, Result>(work: (event: Event, context: Context) => Promise<Result>) =>
  middy<Event, Result>()
    .onError(({ error }) => {
      logError('failed', errorFields(error));
    })
    .handler(work);
