import { constants, getPriority, setPriority } from 'node:os';

/**
 * Lets other threads go first. Linux has a priority for each thread, and this sets that of the one it is called in;
 * elsewhere it would be the whole process that stands back, so nothing is done.
 */
export function giveWay(): void {
  const { PRIORITY_BELOW_NORMAL: low } = constants.priority;
  if (process.platform === 'linux' && getPriority() < low) setPriority(low);
}
