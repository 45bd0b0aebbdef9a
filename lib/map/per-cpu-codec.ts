/** How the values of all possible CPUs lie side by side. */
import type { Codec } from '../codec/codec.js';
import { within } from '../codec/faults.js';
import { BpfError } from '../errors/bpf-error.js';
import { check } from '../native/errno.js';
import { native } from '../native/native.js';

/** How many CPUs this machine may have; more than are online, maybe. */
export function possibleCpus(): number {
  return check(native().numPossibleCpus(), 'count the possible CPUs');
}

/** The kernel lays per-CPU values out at multiples of eight bytes (bpf_map_value_size() in kernel/bpf/syscall.c). */
export function stride(codec: Codec<unknown>): number {
  return (codec.size + 7) & ~7;
}

/** The values of all possible CPUs, in the order of their numbers. */
export function perCpu<V>(value: Codec<V>, cpus: number): Codec<V[]> {
  const step = stride(value);
  return {
    type: `${value.type}[${cpus}]`,
    size: cpus * step,
    flexible: false,
    read: (view, offset) =>
      Array.from({ length: cpus }, (_, cpu) => {
        const at = offset + cpu * step;
        return value.read(view, at, at + value.size);
      }),
    write(view, offset, values) {
      if (!Array.isArray(values) || values.length !== cpus) throw wrongCount(values, cpus);
      for (const [cpu, each] of values.entries()) {
        try {
          value.write(view, offset + cpu * step, each);
        } catch (error) {
          throw within(error, `${value.type}[${cpus}]`, `[${cpu}]`);
        }
      }
    },
  };
}

function wrongCount(values: unknown, cpus: number): BpfError {
  const given = Array.isArray(values) ? `${values.length} were given` : `not ${typeof values}`;
  const reason = `one value for each of ${cpus} possible CPUs is wanted, ${given}`;
  return new BpfError({ code: 'ERR_BPF_VALUE', operation: 'write per-CPU values', reason });
}
