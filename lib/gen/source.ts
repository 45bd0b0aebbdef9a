/** Where a generated module has its object: inside itself, or in a file beside it. */
import { readFileSync } from 'node:fs';
import { BpfError } from '../errors.js';
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
