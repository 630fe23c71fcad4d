import { AppError, ProviderUnavailable, RequestRejected } from '#shared/domain/errors.ts';

/** What undici threw as an error of ours: the connection's fault, or a request that it refuses to send. */
export function faultOf(error: unknown, label: string): AppError {
  if (error instanceof AppError) return error;
  const code = faultCode(error);
  // A header or address that undici refuses to send: no repeat helps. Its own message may quote the value.
  if (code === 'UND_ERR_INVALID_ARG') return new RequestRejected(`${label}: cannot be sent`, 0);
  return new ProviderUnavailable(`${label}: ${code}`);
}

function faultCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown fault';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.name;
}
