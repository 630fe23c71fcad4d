/**
 * A bundle's text with constant names in place of computed ones. The schemas of the AWS SDK are full of `{ [_hH]: … }`
 * with `const _hH = "httpHeader"` beside them. A bundler must believe that such a key may do something, so it keeps the
 * schemas of every operation, also of those that nobody calls: 47 KB of the lookup, most of it S3's. Names at the top of a bundle are unique
 * and names inside of functions differ from them, so the text means what it meant.
 */
export function withPlainKeys(text: string): string {
  const constants = new Map([...text.matchAll(constant)].map(([, name = '', value = '']) => [name, value]));
  return text.replaceAll(computedKey, (whole, name: string) => {
    const value = constants.get(name);
    return value === undefined ? whole : `${value}:`;
  });
}

const constant = /^(?:var|const) (_\w+) = ("[\w-]*");$/gm;
const computedKey = /\[(_\w+)\]:/g;
