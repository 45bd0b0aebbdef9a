/**
 * The kernel's types as a C header, made on the spot from its BTF. Every build waits for it, so libbpf prints those of
 * the running kernel, ten times as fast and off this thread. Those of a file are printed by `Btf.toC()`: libbpf's
 * `btf_dump` trusts its input.
 */

import { readFileSync } from 'node:fs';
import { requireText } from '../btf/arguments.js';
import { Btf, screenTypes } from '../btf/index.js';
import { BpfError } from '../errors.js';
import { kernelBtf } from '../host/kernel.js';
import { errnoError } from '../native/errno.js';
import { type Flow, job, run } from '../native/flow.js';

/** Accesses to members must be CO-RE relocations, or the object runs on one kernel only. */
const prologue = `#ifndef __VMLINUX_H__
#define __VMLINUX_H__

#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute push (__attribute__((preserve_access_index)), apply_to = record)
#endif

`;

const epilogue = `
#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute pop
#endif

#endif /* __VMLINUX_H__ */
`;

/**
 * The text of a `vmlinux.h`.
 *
 * @param path - a raw BTF file; the running kernel's by default.
 * @throws BpfError with the errno's name when the file cannot be read, `ERR_BPF_BTF` when it is no BTF or damaged.
 */
export function vmlinuxHeader(path: string = kernelBtf): Promise<string> {
  requireText('write vmlinux.h', 'a file of types', path);
  return run(headerFlow(path));
}

function* headerFlow(path: string): Flow<string> {
  const operation = `dump the types of ${path}`;
  const bytes = readBtf(path, operation);
  const text = path === kernelBtf ? yield* kernelText(bytes, operation) : textOf(bytes, path);
  return `${prologue}${text}${epilogue}`;
}

function* kernelText(bytes: Uint8Array, operation: string): Flow<string> {
  const [result, log] = yield* job('btfDump', bytes);
  if (typeof result === 'number') throw errnoError(result, operation, { log });
  return result;
}

function textOf(bytes: Uint8Array, path: string): string {
  screenTypes(bytes, path);
  return Btf.parse(bytes, path).toC();
}

function readBtf(path: string, operation: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    const { code = 'ERR_BPF_BTF', errno } = cause as NodeJS.ErrnoException;
    const hint = path === kernelBtf ? 'this kernel has no BTF; it needs CONFIG_DEBUG_INFO_BTF=y' : undefined;
    throw new BpfError({ code, errno, operation, reason: 'it cannot be read', hint, cause });
  }
}
