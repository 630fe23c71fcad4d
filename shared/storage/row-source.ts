import { indexes, tableKeys } from '#shared/facts/table.ts';
import { participantPartition } from './participant-rows.ts';

/** Partitions whose rows carry conversations in the order of a sort key. */
export type RowSource = {
  /** undefined: the table itself */
  index: string | undefined;
  /** names of the key's attributes */
  partition: string;
  sort: string;
  partitions: readonly string[];
};

export type Listed = {
  index: 'byStart' | 'byUpdate';
  connections: readonly string[];
  /** only what is found under this phone, e-mail or id; with `byStart` */
  participant?: string | undefined;
};

/** The rows of a list: a time index, or what a participant is found under, which has the order of `byStart`. */
export function rowSource({ index, connections, participant }: Listed): RowSource {
  if (participant === undefined) {
    const { name, partition, sort } = indexes[index];
    return { index: name, partition, sort, partitions: connections };
  }
  if (index !== 'byStart') throw new TypeError('rows of participants are in the order of the start only');
  const partitions = connections.map((connection) => participantPartition(connection, participant));
  return { index: undefined, ...tableKeys, partitions };
}
