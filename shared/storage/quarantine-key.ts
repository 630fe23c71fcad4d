/** Partition of a connection's quarantined records. */
export const quarantinePartition = (connection: string): string => `quarantine#${connection}`;
