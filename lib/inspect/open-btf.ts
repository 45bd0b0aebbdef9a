/** BTF that is there already: the kernel's, its modules', that of programs, and what is in files. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Btf } from '../btf/index.js';
import { BpfError } from '../errors/bpf-error.js';
import { kernelBtfPath } from '../host/kernel.js';
import { kernelBtf } from '../host/kernel-types.js';
import { check, errnoError, failed } from '../native/errno.js';
import { type Flow, job, run, runSync } from '../native/flow.js';
import { native } from '../native/native.js';
import { explainId, type KernelPlace, operationOf } from '../native/place.js';

/**
 * Opens BTF that is there: of a file, as `/sys/kernel/btf/nf_tables` or an object; of an id, as `btfs()` lists it; of a
 * descriptor. That of a module continues the kernel's.
 *
 * @throws BpfError `ENOENT` where nothing is, `EPERM` by id without CAP_SYS_ADMIN (bpf_btf_get_fd_by_id() in
 * kernel/bpf/syscall.c), `ERR_BPF_BTF` where it is damaged
 * @since Linux 4.18
 * @example
 * ```ts
 * const btf = await openBtf({ id: 1 });
 * console.log(btf.subject, btf.count);
 * ```
 */
export function openBtf(place: KernelPlace): Promise<Btf> {
  return run(open(place));
}

/** {@link openBtf} on this thread. */
export function openBtfSync(place: KernelPlace): Btf {
  return runSync(open(place));
}

function* open(place: KernelPlace): Flow<Btf> {
  const operation = operationOf(place, 'BTF');
  if (typeof place === 'string') return yield* ofFile(place, operation);
  const isFd = 'fd' in place;
  const [bytes, log] = isFd ? yield* job('btfByFd', place.fd) : yield* job('btfById', place.id);
  if (failed(bytes)) {
    const known = isFd ? { reason: 'that descriptor is no BTF' } : explainId(bytes, 'BTF');
    throw errnoError(bytes, operation, { log, ...known });
  }
  const name = check(isFd ? native().btfNameOfFd(place.fd) : native().btfName(place.id), operation) as string;
  return Btf.parse(bytes, name || operation.slice('open '.length), baseOf(name));
}

/** Modules continue the kernel's types; those of programs have no name (btf_get_info_by_fd() in kernel/bpf/btf.c). */
function baseOf(name: string): Btf | undefined {
  return name === '' || name === 'vmlinux' ? undefined : kernelBtf();
}

function* ofFile(path: string, operation: string): Flow<Btf> {
  const bytes = yield* contentOf(path, operation);
  const isModule = dirname(resolve(path)) === dirname(kernelBtfPath) && resolve(path) !== kernelBtfPath;
  return Btf.fromBytes(bytes, path, isModule ? kernelBtf() : undefined);
}

function* contentOf(path: string, operation: string): Flow<Uint8Array> {
  try {
    return (yield { later: () => readFile(path), now: () => readFileSync(path) }) as Uint8Array;
  } catch (cause) {
    const { code = 'EIO', errno } = cause as NodeJS.ErrnoException;
    throw new BpfError({ code, errno, operation, reason: 'the file cannot be read', cause });
  }
}
