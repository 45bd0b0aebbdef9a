/** Where XDP redirects to: interfaces and CPUs, each with a program to run there, maybe. */

import { littleEndian } from '../btf/byte-order.js';
import type { Codec } from '../codec/index.js';
import { BpfError } from '../errors/bpf-error.js';
import { runSync } from '../native/flow.js';
import { interfacesOf, ownNetns } from '../native/interfaces.js';
import { programOpening, withFdAt } from '../native/openings.js';
import type { KernelPlace } from '../native/place.js';

/** An interface, by name here or by index, and an XDP program of `xdp/devmap`. */
export interface DeviceTarget {
  readonly interface: string | number;
  /** @since Linux 5.8 (`BPF_XDP_DEVMAP`) */
  readonly program?: KernelPlace;
}

/** A CPU's queue of packets, and an XDP program of `xdp/cpumap`. */
export interface CpuTarget {
  /** Packets that may wait: 1 to 16384. */
  readonly queueSize: number;
  /** @since Linux 5.9 (`BPF_XDP_CPUMAP`) */
  readonly program?: KernelPlace;
}

/** What a look-up gives: the program by its id (`struct bpf_devmap_val` in include/uapi/linux/bpf.h). */
export interface Redirect {
  /** An interface's index, or a queue's size. */
  readonly target: number;
  /** 0 where there is none. */
  readonly programId: number;
}

/** `struct bpf_devmap_val`, `struct bpf_cpumap_val`: a number, and a program where the value has 8 bytes. */
export function redirect(size: number): Codec<Redirect> {
  return {
    type: 'struct bpf_devmap_val',
    size,
    flexible: false,
    read: (view, offset) => ({
      target: view.getUint32(offset, littleEndian),
      programId: size >= 8 ? view.getUint32(offset + 4, littleEndian) : 0,
    }),
    write(view, offset, { target, programId }) {
      view.setUint32(offset, target, littleEndian);
      if (size >= 8) view.setUint32(offset + 4, programId, littleEndian);
    },
  };
}

/** Writes a redirection: a descriptor stands where a look-up gives an id; without a program it is 0. */
export function redirectTo(
  target: number,
  program: KernelPlace | undefined,
  valueSize: number,
  operation: string,
  write: (redirect: Redirect) => void,
): void {
  if (!Number.isInteger(target) || target < 0 || target > 0xffffffff)
    throw unfit(operation, `takes a number from 0 to 4294967295, got ${String(target)}`);
  if (program !== undefined && valueSize < 8)
    throw unfit(
      operation,
      'its values have no place for a program',
      'declare struct bpf_devmap_val or bpf_cpumap_val',
    );
  if (program === undefined) write({ target, programId: 0 });
  else withFdAt(program, programOpening, fd => write({ target, programId: fd }));
}

/** The index of an interface of our own network namespace. */
export function interfaceIndex(given: string | number, operation: string): number {
  if (typeof given === 'number') return given;
  const known = runSync(interfacesOf(ownNetns, operation));
  const found = known.find(({ name }) => name === given);
  if (found !== undefined) return found.index;
  const reason = `there is no interface ${given} here; there are ${known.map(({ name }) => name).join(', ')}`;
  throw new BpfError({ code: 'ENODEV', operation, reason });
}

function unfit(operation: string, reason: string, hint?: string): BpfError {
  return new BpfError({ code: 'ERR_BPF_VALUE', operation, reason, hint });
}
