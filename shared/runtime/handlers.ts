import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { failedMessage } from '#shared/facts/logged.ts';
import { errorFields } from './error-fields.ts';
import { type LogFields, logError } from './log.ts';

/**
 * A handler for work that nobody waits for (a schedule, a stream): the edge logs a failure once, with what the event is
 * about, and lets it fail.
 */
export const workHandler = <Event, Result>(
  work: (event: Event, context: Context) => Promise<Result>,
  about: (event: Event) => LogFields = () => ({}),
) =>
  middy<Event, Result>()
    .onError(({ error, event }) => {
      logError(failedMessage, { ...about(event), ...errorFields(error) });
    })
    .handler(work);
