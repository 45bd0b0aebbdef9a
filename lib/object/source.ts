/** Where an object's bytes come from: a path, a URL, bytes, or what a generated module carries. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { littleEndian } from '../btf/byte-order.js';
import { unshared } from '../btf/index.js';
import { argumentError } from '../errors/arguments.js';
import { BpfError } from '../errors/bpf-error.js';
import type { ObjectSource } from '../gen/description.js';
import type { Flow } from '../native/flow.js';
import { screening } from './parts.js';

/** What `compile()` and `bpf` of `libbpf-ts/build` give. */
export interface CompiledObject {
  readonly object: Uint8Array;
  /** The file that it was compiled from. */
  readonly source: string;
}

/** A path, a `file:` URL, the object's bytes, or what was compiled just now. */
export type ObjectFile = string | URL | Uint8Array | CompiledObject;

/** An object's bytes, checked to be a BPF object for this machine, and what to call it in messages. */
export interface ObjectBytes {
  readonly bytes: Uint8Array;
  /** The path, or `object` for bytes without one. */
  readonly subject: string;
}

/** The object's name as libbpf derives it from a path: without folder and `.bpf.o` (bpf_object__new() in libbpf.c). */
export function objectName(file: ObjectFile): string {
  if (file instanceof Uint8Array) return 'object';
  if (isCompiled(file)) return basename(file.source).replace(/(\.bpf)?\.(?:c|[cm]?[jt]s)$/, '');
  return basename(pathOf(file)).replace(/(\.bpf)?\.o$/, '');
}

/**
 * Reads an object, which is not looked at yet.
 *
 * @param expectedSha256 - hexadecimal; absent: not checked
 * @throws BpfError with the errno's name when it cannot be read, `ERR_BPF_OBJECT` when its digest is another, `ERR_BPF_ARGUMENT` when `file` is neither path nor bytes.
 */
export function readObject(file: ObjectFile, expectedSha256?: string): ObjectBytes {
  const { subject, bytes } = bytesOf(file);
  checkDigest(
    bytes,
    expectedSha256,
    subject,
    'it is not the object that was meant, or was damaged on its way',
  );
  return { bytes, subject };
}

function bytesOf(file: ObjectFile): ObjectBytes {
  if (file instanceof Uint8Array) return { subject: 'object', bytes: unshared(file) };
  if (isCompiled(file)) return { subject: `the object of ${file.source}`, bytes: unshared(file.object) };
  const subject = pathOf(file);
  return { subject, bytes: readPath(subject) };
}

function isCompiled(file: unknown): file is CompiledObject {
  const { object, source } = (file ?? {}) as Partial<CompiledObject>;
  return object instanceof Uint8Array && typeof source === 'string';
}

/**
 * Takes the object out of a generated module. Its digest is that of an object that was looked at when the module was made;
 * without one it is looked at now.
 */
export function* carriedObject(source: ObjectSource, name: string): Flow<ObjectBytes> {
  const bytes = source.bytes();
  const hint =
    'module and object do not fit, as after a build that was killed: build again, or npx libbpf-ts generate';
  checkDigest(bytes, source.sha256, name, hint);
  if (source.sha256 === undefined || isForeign(bytes))
    (yield* screening.need(`open ${name}`)).checkObject(bytes, name);
  return { bytes, subject: name };
}

/** `EI_DATA`: an object for the other byte order is refused in words. */
function isForeign(bytes: Uint8Array): boolean {
  return bytes[5] !== (littleEndian ? 1 : 2);
}

function pathOf(file: string | URL): string {
  if (typeof file === 'string') return file;
  if (file instanceof URL && file.protocol === 'file:') return fileURLToPath(file);
  const reason = `an object is a path, a file: URL, a Uint8Array or what compile() gave, not ${String(file)}`;
  throw argumentError('open an object', reason);
}

/** At once, though it may block: a worker that ends in the middle of `readFile()` leaves a descriptor behind. */
function readPath(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw readFailure(path, cause as NodeJS.ErrnoException);
  }
}

const readHints: Readonly<Record<string, string>> = {
  ENOENT: 'compile it first: npx libbpf-ts build',
  EISDIR: 'pass the .bpf.o file inside it',
  EACCES: 'this user may not read it',
};

function readFailure(path: string, cause: NodeJS.ErrnoException): BpfError {
  const code = cause.code ?? 'ERR_BPF_OBJECT';
  const reason =
    code === 'EISDIR' ? 'it is a directory' : cause.message.replace(/^\w+: |, (open|read).*$/g, '');
  return new BpfError({
    code,
    errno: cause.errno,
    operation: `open ${path}`,
    reason,
    hint: readHints[code],
    cause,
  });
}

function checkDigest(bytes: Uint8Array, expected: string | undefined, name: string, hint: string): void {
  if (expected === undefined) return;
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found === `${expected}`.toLowerCase()) return;
  throw new BpfError({
    code: 'ERR_BPF_OBJECT',
    operation: `open ${name}`,
    reason: `the object's SHA-256 is ${found}, expected is ${expected}`,
    hint,
  });
}
