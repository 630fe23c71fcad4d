/** Where a quarantined record stands in the table. */
export type QuarantinePlace = { connection: string; sk: string };

const form = /^([a-z0-9-]{1,40})\.([\w-]{1,100})\.((?:id|raw)-[0-9a-f]{64})$/;

/** The id of a quarantined record, fit for an address: `<connection>.<stream>.<hash>`. */
export const quarantineId = ({ connection, sk }: QuarantinePlace): string => `${connection}.${sk.replace('#', '.')}`;

/** The inverse; null of what is no such id. */
export function readQuarantineId(id: string): QuarantinePlace | null {
  const [, connection, stream, hash] = form.exec(id) ?? [];
  return connection === undefined ? null : { connection, sk: `${stream}#${hash}` };
}
