import { readFileSync } from 'node:fs';

/**
 * The most memory (MB) that this process ever had resident. Linux tells it of the program alone in `VmHWM`; `maxRSS` would
 * begin with what the process had that started this one, and hide all that is below it.
 */
export function peakRssMb(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1_024;
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  if (kilobytes === undefined) throw new Error('/proc/self/status names no VmHWM');
  return Number(kilobytes) / 1_024;
}
