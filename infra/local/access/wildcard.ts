/** The pattern of a policy as an expression: `*` is any text, `?` any one character. */
export function wildcard(pattern: string, flags = ''): RegExp {
  const parts = pattern
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${parts}$`, `s${flags}`);
}
