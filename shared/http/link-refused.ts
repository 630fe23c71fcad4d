import { AppError } from '#shared/domain/errors.ts';

/**
 * 400, 401 or 403 from an address that was asked without credentials: a signed link that has run out, as storages say
 * it. Ask the provider for the link again; it says nothing of the account's credentials or permissions.
 */
export class LinkRefused extends AppError {
  override readonly name = 'LinkRefused';
  override readonly code = 'LinkRefused';
}
