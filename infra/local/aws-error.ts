/** An error that the embedded AWS endpoints answer, with the code and status that the real service uses. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: string;
  readonly status: number;
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** What the one-machine runtime answers instead of pretending. `what` names the operation or the setting. */
export function notSupported(what: string): AwsError {
  return new AwsError('NotImplemented', `${what} is not supported by the one-machine runtime`, 501);
}
