/** Processes by the numbers that the kernel itself gives them. */
import { readFileSync, statSync } from 'node:fs';
import { asm } from '../doors/asm.js';
import { BpfError } from '../errors/bpf-error.js';
import { assembled } from '../index.js';
import type { Owner } from './owner.js';

/** A process that is there. */
export interface ProcessPlace extends Owner {
  readonly kind: 'process';
  /** As this process sees it. */
  readonly pid: number;
  /** When it began, which tells it from a later one of its number: field 22 of /proc/PID/stat. */
  readonly began: string;
}

/**
 * The process of a number.
 *
 * @throws BpfError `ESRCH` where there is none; `ENOTSUP` for another than this one in a pid namespace, where numbers are other
 * ones (pid_namespaces(7)).
 */
export async function processAt(pid: number): Promise<ProcessPlace> {
  const began = beginningOf(pid);
  const operation = `observe process ${pid}`;
  if (began === undefined)
    throw new BpfError({ code: 'ESRCH', operation, reason: 'there is no such process' });
  if (isFirstNamespace()) return { kind: 'process', id: BigInt(pid), pid, began };
  if (pid === process.pid) return { kind: 'process', id: await ownNumber(), pid, began };
  throw new BpfError({
    code: 'ENOTSUP',
    operation,
    reason: 'in a container, programs in the kernel know other processes by other numbers',
    hint: 'name the cgroup that it is in, or run where processes have the kernel’s own numbers (hostPID)',
  });
}

/** Undefined where there is no such process. The name of one, the second field, may have blanks. */
export function beginningOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** `PROC_PID_INIT_INO` in include/linux/proc_ns.h. */
const firstNamespace = 0xefff_fffcn;

function isFirstNamespace(): boolean {
  return statSync('/proc/self/ns/pid', { bigint: true }).ino === firstNamespace;
}

/** This process asks by a program that runs in it. */
async function ownNumber(): Promise<bigint> {
  const programs = {
    whoami: {
      section: 'raw_tp',
      insns: asm`
        call bpf_get_current_pid_tgid
        r0 >>= 32
        exit`,
    },
  } as const;
  await using bpf = await assembled('whoami', programs).load();
  const { retval } = await bpf.programs.whoami.testRun();
  return BigInt(retval);
}
