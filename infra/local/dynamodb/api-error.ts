/** What goes back over the wire as it is. dynalite throws and passes errors of the same shape. */
export type ApiError = Error & { statusCode: number; body: { __type: string; message?: string } };

export function apiError(type: string, message: string, extra: object = {}): ApiError {
  return Object.assign(new Error(message), { statusCode: 400, body: { __type: type, message, ...extra } });
}

export function isApiError(error: unknown): error is ApiError {
  return error instanceof Error && 'statusCode' in error && 'body' in error;
}
