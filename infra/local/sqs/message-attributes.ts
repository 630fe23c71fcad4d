import { createHash } from 'node:crypto';
import * as z from 'zod';

/** An attribute that a sender put on a message; `BinaryValue` is base64. */
export const messageAttributeSchema = z
  .strictObject({
    DataType: z.string().regex(/^(String|Number|Binary)(\..+)?$/),
    StringValue: z.string().min(1).optional(),
    BinaryValue: z.base64().optional(),
  })
  .refine(
    (value) => (value.DataType.startsWith('Binary') ? value.BinaryValue : value.StringValue) !== undefined,
    'must have the value that its DataType names',
  );

export const messageAttributesSchema = z
  .record(z.string().regex(/^[\w.-]{1,256}$/), messageAttributeSchema)
  .refine((attributes) => Object.keys(attributes).length <= 10, 'at most 10 attributes');

export type MessageAttributes = z.output<typeof messageAttributesSchema>;

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/** The hash over attributes that clients compare: names sorted, each part behind its length in 4 bytes. */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  const add = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const { DataType = '', StringValue, BinaryValue } = attributes[name] ?? {};
    add(Buffer.from(name));
    add(Buffer.from(DataType));
    hash.update(Buffer.of(BinaryValue === undefined ? 1 : 2));
    add(BinaryValue === undefined ? Buffer.from(StringValue ?? '') : Buffer.from(BinaryValue, 'base64'));
  }
  return hash.digest('hex');
}

/** What counts against the size limit of a message. */
export function attributeBytes(attributes: MessageAttributes): number {
  const sizes = Object.entries(attributes).map(([name, { DataType, StringValue = '', BinaryValue = '' }]) => {
    return Buffer.byteLength(name + DataType + StringValue) + Buffer.from(BinaryValue, 'base64').length;
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Those asked for: `All`, a name, or `prefix.*`. */
export function selectAttributes(attributes: MessageAttributes, asked: readonly string[]): MessageAttributes {
  const wanted = (name: string) =>
    asked.some(
      (one) =>
        one === 'All' || one === '.*' || one === name || (/\.\*$/.test(one) && name.startsWith(one.slice(0, -1))),
    );
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => wanted(name)));
}
