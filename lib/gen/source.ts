/** Where a generated module has its object: inside itself, or in a file beside it. */
import { readFileSync } from 'node:fs';
import { BpfError } from '../errors/bpf-error.js';
import type { ObjectSource } from './description.js';

/**
 * An object that travels inside the module, so that it is there after tsc, a bundler or a copy.
 *
 * @param sha256 - of the object, hexadecimal; checked when it is opened
 */
export function embedded(sha256: string, base64: string): ObjectSource {
  return { sha256, bytes: () => Buffer.from(base64, 'base64') };
}

/**
 * An object in a file of its own, read when it is opened.
 *
 * @param sha256 - of the object, hexadecimal; checked when it is opened
 * @throws BpfError with the errno's name as code, from `bytes()`, when the file cannot be read
 */
export function external(sha256: string, url: URL): ObjectSource {
  return { sha256, bytes: () => readObject(url) };
}

/**
 * One object for each processor; the right one is chosen when it is opened.
 *
 * @param sources - by processor, as `process.arch` names them
 * @throws BpfError `ERR_BPF_OBJECT` where there is none for this processor
 */
export function perArchitecture(sources: Readonly<Record<string, ObjectSource>>): ObjectSource {
  const chosen = () => {
    if (Object.hasOwn(sources, process.arch)) return sources[process.arch] as ObjectSource;
    throw noneFor(process.arch, Object.keys(sources));
  };
  return {
    get sha256() {
      return chosen().sha256 ?? '';
    },
    bytes: () => chosen().bytes(),
  };
}

function noneFor(processor: string, known: readonly string[]): BpfError {
  return new BpfError({
    code: 'ERR_BPF_OBJECT',
    operation: `choose an object for ${processor}`,
    reason: `the module has objects for ${known.join(', ')}`,
    hint: `build it again with --target ${[...known, processor].join(',')}`,
  });
}

function readObject(url: URL): Uint8Array {
  try {
    return readFileSync(url);
  } catch (error) {
    const { code = 'ERR_BPF_OBJECT', errno } = error as NodeJS.ErrnoException;
    throw new BpfError({
      code,
      errno,
      operation: `read ${url.protocol === 'file:' ? decodeURIComponent(url.pathname) : url.href}`,
      reason: 'the object beside the generated module cannot be read',
      hint: 'keep the .bpf.o beside the module, or generate it without --external',
      cause: error,
    });
  }
}
