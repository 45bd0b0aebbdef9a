/**
 * The kernel's types as a C header, made on the spot from its BTF. Every build waits for it, so libbpf prints those
 * of the running kernel, ten times as fast and off this thread. Those of a file are printed by `Btf.toC()`:
 * btf_dump__dump_type() in btf_dump.c trusts its input.
 */

import { readFileSync } from 'node:fs';
import { Btf, kfuncsC, screenTypes } from '../btf/index.js';
import { requireText } from '../errors/arguments.js';
import { BpfError } from '../errors/bpf-error.js';
import { kernelBtfPath } from '../host/kernel.js';
import { errnoError, failed } from '../native/errno.js';
import { type Flow, job, run } from '../native/flow.js';

/** Accesses to members must be CO-RE relocations, or the object runs on one kernel only. */
const prologue = `#ifndef __VMLINUX_H__
#define __VMLINUX_H__

#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute push (__attribute__((preserve_access_index)), apply_to = record)
#endif

`;

const afterTypes = `
#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute pop
#endif

`;

const epilogue = `
#endif /* __VMLINUX_H__ */
`;

/**
 * The text of a `vmlinux.h`: the types, and the kernel functions that BPF programs may call, where the BTF tags them
 * (Linux 6.11).
 *
 * @param path - a raw BTF file; the running kernel's by default.
 * @throws BpfError with the errno's name when the file cannot be read, `ERR_BPF_BTF` when it is no BTF or damaged.
 */
export function vmlinuxHeader(path: string = kernelBtfPath): Promise<string> {
  requireText('write vmlinux.h', 'a file of types', path);
  return run(headerFlow(path));
}

function* headerFlow(path: string): Flow<string> {
  const operation = `dump the types of ${path}`;
  const bytes = readBtf(path, operation);
  const isKernels = path === kernelBtfPath;
  if (!isKernels) screenTypes(bytes, path);
  const btf = Btf.parse(bytes, path);
  const text = isKernels ? yield* kernelText(bytes, operation) : btf.toC();
  return `${prologue}${text}${afterTypes}${prototypesOf(btf)}${epilogue}`;
}

function* kernelText(bytes: Uint8Array, operation: string): Flow<string> {
  const [result, log] = yield* job('btfDump', bytes);
  if (failed(result)) throw errnoError(result, operation, { log });
  return result;
}

/** A program that declares such functions its own way can leave these out, by the same macro as with bpftool's header. */
function prototypesOf(btf: Btf): string {
  const functions = kfuncsC(btf);
  return functions === '' ? '' : `#ifndef BPF_NO_KFUNC_PROTOTYPES\n${functions}#endif\n`;
}

function readBtf(path: string, operation: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    const { code = 'ERR_BPF_BTF', errno } = cause as NodeJS.ErrnoException;
    const hint =
      path === kernelBtfPath ? 'this kernel has no BTF; it needs CONFIG_DEBUG_INFO_BTF=y' : undefined;
    throw new BpfError({ code, errno, operation, reason: 'it cannot be read', hint, cause });
  }
}
