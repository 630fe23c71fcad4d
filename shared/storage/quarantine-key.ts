import { quarantinePrefix } from '#shared/facts/table.ts';

/** Partition of a connection's quarantined records. */
export const quarantinePartition = (connection: string): string => `${quarantinePrefix}${connection}`;
