import { AppError } from '#shared/domain/errors.ts';

/** A file of more bytes than the connection takes (`mediaMaxBytes`): asking again does not make it smaller. */
export class TooLarge extends AppError {
  override readonly name = 'TooLarge';
  override readonly code = 'TooLarge';
}
