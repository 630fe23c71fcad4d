import { hash } from 'node:crypto';
import { quarantinePrefix } from '#shared/facts/table.ts';

/** Partition of a connection's quarantined records. */
export const quarantinePartition = (connection: string): string => `${quarantinePrefix}${connection}`;

/** What a record is quarantined under whose id could be read. */
export const quarantineName = (externalId: string): string => `id-${hash('sha256', externalId)}`;

/** Where the raw bytes of one quarantined record lie, all that it ever had. Older ones lie beside these folders. */
export const quarantineFolder = (connection: string, name: string): string => `quarantine/${connection}/${name}/`;
