import type { LambdaFunctionURLEvent, LambdaFunctionURLResult } from 'aws-lambda';
import { errorFields } from '#shared/runtime/error-fields.ts';
import { logError, logInfo } from '#shared/runtime/log.ts';
import { readIncoming } from './incoming.ts';
import { type Desk, type Reception, receive } from './receive.ts';
import { type Refusal, refusals } from './refusals.ts';

/**
 * The webhook address: 202 once a delivery is durable, and a line in the log, of which the metrics are made, for each that
 * is not taken. Whatever fails on our side is a 503, so that the sender comes again.
 */
export const serveWebhooks =
  (desk: Desk) =>
  async (event: LambdaFunctionURLEvent): Promise<LambdaFunctionURLResult> => {
    const { refusal, ...fields } = await receive(desk, readIncoming(event)).catch(failed);
    if (refusal === null) return answer(202, {});
    if (refusal !== 'unavailable') logInfo('webhook refused', { refusal, ...fields });
    return refuse(refusal);
  };

function failed(error: unknown): Reception {
  logError('webhook failed', { refusal: 'unavailable', ...errorFields(error) });
  return { refusal: 'unavailable' };
}

function refuse(refusal: Refusal): LambdaFunctionURLResult {
  const { status, code, message, ...rest } = refusals[refusal];
  return answer(status, { code, message }, 'headers' in rest ? rest.headers : {});
}

const answer = (statusCode: number, body: object, headers: Record<string, string> = {}): LambdaFunctionURLResult => ({
  statusCode,
  headers: {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  },
  body: JSON.stringify(body),
});
