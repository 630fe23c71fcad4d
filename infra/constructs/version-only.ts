/**
 * A bundle's text with the version alone of each package description of the AWS SDK in it: a client reads that of its own
 * `package.json` and nothing else, and brings all the rest along, 2 KB each.
 */
export function withVersionOnly(text: string): string {
  return text.replaceAll(description, 'var $1 = { version: $2 };');
}

const description =
  /^var (package_default\d*) = \{\n {2}name: "@aws-sdk\/[^"]*",\n(?: {2}.*\n)*? {2}version: ("[^"]*"),\n(?: {2}.*\n)*?\};$/gm;
