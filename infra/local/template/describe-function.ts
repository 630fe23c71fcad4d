import { nameOfArn } from './arns.ts';
import type { Description } from './description.ts';
import type { Found } from './found.ts';
import { asyncProperties, functionProperties, urlProperties } from './properties.ts';
import { TemplateError } from './template-error.ts';

export function describeFunction({ name, logicalId, properties, assets }: Found, into: Description): void {
  const definition = functionProperties.parse(properties);
  const folder = assets.get(definition.Code.S3Key);
  if (folder === undefined) throw new TemplateError(`no asset with the key ${definition.Code.S3Key}`);
  into.functions.push({
    name,
    logicalId,
    folder,
    handler: definition.Handler,
    environment: definition.Environment.Variables,
    timeoutMs: definition.Timeout * 1000,
    memoryMb: definition.MemorySize,
    role: definition.Role,
    logGroup: definition.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`,
    concurrency: definition.ReservedConcurrentExecutions ?? null,
  });
}

export function describeUrl({ logicalId, properties }: Found, into: Description): void {
  const url = urlProperties.parse(properties);
  into.urls.push({
    function: nameOfArn(url.TargetFunctionArn),
    logicalId,
    streaming: url.InvokeMode === 'RESPONSE_STREAM',
  });
}

/** Only what the runtime does anyway is accepted: a failed asynchronous invocation is not repeated. */
export function checkAsyncConfig({ properties }: Found): void {
  asyncProperties.parse(properties);
}
