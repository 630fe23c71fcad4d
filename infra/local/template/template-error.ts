/** The template holds something that this runtime does not understand: it would run otherwise than it deploys. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}
