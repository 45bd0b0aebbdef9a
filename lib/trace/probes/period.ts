/** How often `interval` and `profile` run. */
import { literalNumber } from '../text/number.js';
import type { PointRequest } from './providers.js';

const units: Readonly<Record<string, bigint>> = { s: 1_000_000_000n, ms: 1_000_000n, us: 1_000n, ns: 1n };

/** A period in nanoseconds, or a frequency. @throws BpfError for what is neither */
export function period({ parts, point, refuse }: PointRequest): { period: bigint } | { frequency: number } {
  const [unit = '', count] = parts.length > 1 ? parts : ['ns', parts[0]];
  const number = literalNumber(count ?? '');
  const example = `as ${point.provider}:s:1 or ${point.provider}:hz:99`;
  if (typeof number !== 'bigint') throw refuse(`${point.provider} takes how often it runs`, example);
  if (number === 0n)
    throw refuse(`${point.provider} runs at least every nanosecond and not every 0`, example);
  if (unit === 'hz') return { frequency: Number(number) };
  const length = units[unit];
  if (length === undefined) throw refuse(`there is no unit ${unit}; there are hz, s, ms and us`, example);
  return { period: number * length };
}
