/**
 * Errors, named by what the caller must do next. A message holds ids and codes, never bodies, names or numbers of
 * people, so that any of them may be logged.
 */
export class AppError extends Error {
  readonly code: string = 'AppError';
}

/** Network, time-out or 5xx after the small retries: the run fails, its checkpoint stays, the next tick tries again. */
export class ProviderUnavailable extends AppError {
  override readonly name = 'ProviderUnavailable';
  override readonly code = 'ProviderUnavailable';
  /** what the provider answered with, or 0 where there was no answer */
  readonly status: number;
  constructor(message: string, status = 0, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** 429, or our own budget is spent: the run ends quietly and goes on after `retryAfterMs`. Never "there is nothing". */
export class RateLimited extends AppError {
  override readonly name = 'RateLimited';
  override readonly code = 'RateLimited';
  /** milliseconds from now until a request may succeed */
  readonly retryAfterMs: number;
  constructor(message: string, retryAfterMs: number, options?: ErrorOptions) {
    super(message, options);
    this.retryAfterMs = retryAfterMs;
  }
}

/** 401 with a fresh token, or a refused token request: no retry, a person must act. */
export class CredentialsRejected extends AppError {
  override readonly name = 'CredentialsRejected';
  override readonly code = 'CredentialsRejected';
}

/** 403 for one thing: the permission is missing or the feature is off. The caller decides what that makes absent. */
export class PermissionMissing extends AppError {
  override readonly name = 'PermissionMissing';
  override readonly code = 'PermissionMissing';
}

/** 404 or 410: the provider does not have it (any more). */
export class NotAtProvider extends AppError {
  override readonly name = 'NotAtProvider';
  override readonly code = 'NotAtProvider';
}

/** An address in a provider's data that the rules of `mediaHosts` refuse: nothing was sent there. */
export class HostRefused extends AppError {
  override readonly name = 'HostRefused';
  override readonly code = 'HostRefused';
}

/** Any other 4xx: our request is wrong, code must change. */
export class RequestRejected extends AppError {
  override readonly name = 'RequestRejected';
  override readonly code = 'RequestRejected';
  readonly status: number;
  constructor(message: string, status: number, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** The page is not what was agreed (HTML, cut JSON, wrong type, a looping cursor): the run fails, its checkpoint stays. */
export class ResponseInvalid extends AppError {
  override readonly name = 'ResponseInvalid';
  override readonly code = 'ResponseInvalid';
}

/** This one record is not understood: it is quarantined with its raw bytes and counted, and its page goes on. */
export class RecordInvalid extends AppError {
  override readonly name = 'RecordInvalid';
  override readonly code = 'RecordInvalid';
  /** field paths and what was expected there, without values */
  readonly issues: readonly string[];
  constructor(issues: readonly string[], options?: ErrorOptions) {
    super(`record not understood: ${issues.slice(0, 5).join('; ')}`, options);
    this.issues = issues;
  }
}

/** Another runner holds the lease or was ahead: end quietly. */
export class LeaseLost extends AppError {
  override readonly name = 'LeaseLost';
  override readonly code = 'LeaseLost';
}

/** The connections file or the environment is wrong: refuse to start, one fault a line. */
export class ConfigInvalid extends AppError {
  override readonly name = 'ConfigInvalid';
  override readonly code = 'ConfigInvalid';
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}

/** A service of AWS refused again and again: the message comes again later. */
export class ServiceUnavailable extends AppError {
  override readonly name = 'ServiceUnavailable';
  override readonly code = 'ServiceUnavailable';
}
