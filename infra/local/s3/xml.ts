/** An element: its name and either text or children. `undefined` children are left out. */
export type Element = readonly [name: string, content: string | number | boolean | readonly (Element | undefined)[]];

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** A whole document in S3's namespace. */
export function document(name: string, content: readonly (Element | undefined)[]): string {
  const inner = content.map(render).join('');
  const space = name === 'Error' ? '' : ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name}${space}>${inner}</${name}>`;
}

function render(element: Element | undefined): string {
  if (!element) return '';
  const [name, content] = element;
  const inner = Array.isArray(content) ? content.map(render).join('') : escapeText(String(content));
  return `<${name}>${inner}</${name}>`;
}

/** Control characters become references, as S3 does, so that a line break in a key survives a parser. */
function escapeText(text: string): string {
  return text.replace(/[&<>"']|\p{Cc}/gu, (found) => entities[found] ?? `&#x${found.charCodeAt(0).toString(16)};`);
}

/** A parsed element. Attributes, comments and namespaces mean nothing in S3's requests and are dropped. */
export type ParsedElement = { name: string; text: string; children: ParsedElement[] };

/** Parses the small documents that S3 clients send. Returns undefined for what is not well-formed. */
export function parseXml(source: string): ParsedElement | undefined {
  const root: ParsedElement = { name: '', text: '', children: [] };
  const open = [root];
  const tokens = source.matchAll(/<\?.*?\?>|<!--.*?-->|<(\/?)([\w:.-]+)[^<>]*?(\/?)>|([^<]+)|</gs);
  for (const [token, closing, name, selfClosing, text] of tokens) {
    const parent = open.at(-1);
    if (!parent || token === '<') return undefined;
    if (text !== undefined) parent.text += unescapeText(text);
    else if (closing === '/') {
      if (parent.name !== name) return undefined;
      open.pop();
    } else if (name !== undefined) {
      const element = { name, text: '', children: [] };
      parent.children.push(element);
      if (selfClosing !== '/') open.push(element);
    }
  }
  return open.length === 1 && root.children.length === 1 ? root.children[0] : undefined;
}

export function childText(element: ParsedElement, name: string): string | undefined {
  return element.children.find((child) => child.name === name)?.text;
}

function unescapeText(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string) => {
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal) return String.fromCodePoint(Number.parseInt(decimal, 10));
    return Object.keys(entities).find((character) => entities[character] === whole) ?? whole;
  });
}
