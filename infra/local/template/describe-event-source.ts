import { nameOfArn, tableOfStream } from './arns.ts';
import type { Description } from './description.ts';
import type { Found } from './found.ts';
import { eventSourceProperties } from './properties.ts';
import { TemplateError } from './template-error.ts';

export function describeEventSource({ name, properties }: Found, into: Description): void {
  const source = eventSourceProperties.parse(properties);
  if (!source.Enabled) return;
  const common = {
    name,
    function: nameOfArn(source.FunctionName),
    windowMs: source.MaximumBatchingWindowInSeconds * 1000,
    filters: (source.FilterCriteria?.Filters ?? []).map(({ Pattern }) => Pattern),
    reportsFailures: source.FunctionResponseTypes.length > 0,
  };
  const table = tableOfStream(source.EventSourceArn);
  if (table !== null) {
    const destination = source.DestinationConfig?.OnFailure.Destination;
    if (destination !== undefined && !destination.startsWith('arn:aws:s3:::'))
      throw new TemplateError('an on-failure destination other than S3');
    into.streamSources.push({
      ...common,
      batchSize: source.BatchSize ?? 100,
      table,
      bisect: source.BisectBatchOnFunctionError,
      retries: source.MaximumRetryAttempts,
      failureBucket: destination === undefined ? null : nameOfArn(destination),
    });
  } else if (source.EventSourceArn.startsWith('arn:aws:sqs:')) {
    into.queueSources.push({
      ...common,
      batchSize: source.BatchSize ?? 10,
      queue: nameOfArn(source.EventSourceArn),
      concurrency: source.ScalingConfig?.MaximumConcurrency ?? 2,
    });
  } else throw new TemplateError(`an event source other than a table's stream or a queue: ${source.EventSourceArn}`);
}
