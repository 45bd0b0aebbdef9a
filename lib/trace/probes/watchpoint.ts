/** Breakpoints of the CPU: the program runs when an address is read, written or executed. */
import type { ProbePlan } from './plan.js';
import type { PointRequest } from './providers.js';

const accesses: Readonly<Record<string, 'read' | 'write' | 'readwrite' | 'execute'>> = {
  r: 'read',
  w: 'write',
  rw: 'readwrite',
  wr: 'readwrite',
  x: 'execute',
};

/** @throws BpfError where address, length or access are none */
export function watchpoint({ parts, refuse, target }: PointRequest): ProbePlan[] {
  const [place = '', length = '', mode = ''] = parts;
  const access = Object.hasOwn(accesses, mode) ? accesses[mode] : undefined;
  if (parts.length !== 3 || access === undefined)
    throw refuse(
      'expected watchpoint:ADDRESS:LENGTH:MODE',
      'as watchpoint:0x10000000:8:rw; MODE is of r, w and x',
    );
  const address = addressOf(place, target.kernelAddress);
  if (address === undefined) throw refuse(`${place} is no address, and no symbol of the kernel's`);
  if (!['1', '2', '4', '8'].includes(length)) throw refuse(`a length is 1, 2, 4 or 8, not ${length}`);
  return [
    {
      provider: 'watchpoint',
      name: `watchpoint:${parts.join(':')}`,
      section: 'perf_event',
      trigger: { kind: 'watchpoint', address, length: Number(length) as 1 | 2 | 4 | 8, access },
      registers: { arguments: [] },
      space: 'user',
    },
  ];
}

function addressOf(
  text: string,
  symbol: ((name: string) => bigint | undefined) | undefined,
): bigint | undefined {
  return /^(?:0x[\da-f]+|\d+)$/i.test(text) ? BigInt(text) : symbol?.(text);
}
