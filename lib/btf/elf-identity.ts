/** What a file is, told from its first bytes, so that a wrong one is named and not merely refused. */
import { malformedElf } from './malformed.js';

const compileHint = 'pass the .bpf.o that clang -target bpf -g -c made';

/** Starts of files that people pass by mistake. */
const signatures: readonly (readonly [start: string, is: string, hint: string])[] = [
  ['#!', 'a script', compileHint],
  ['BC\xc0\xde', 'LLVM bitcode', 'compile with -c, without -emit-llvm'],
  ['!<arch>', 'an archive', 'extract its members and pass one'],
  ['\x9f\xeb', 'raw BTF', 'it has types but no programs; pass the .bpf.o'],
  ['\xeb\x9f', 'raw BTF', 'it has types but no programs; pass the .bpf.o'],
  ['\x1f\x8b', 'gzip data', 'uncompress it first'],
];

/**
 * Returns when the bytes start a proper ELF file; else throws and says what they are.
 *
 * @param hint - what to pass instead; a BPF object by default
 */
export function identifyFile(bytes: Uint8Array, subject: string, hint = compileHint): void {
  const start = latin1(bytes.subarray(0, 512));
  if (start === '') throw malformedElf(subject, 'an empty file', hint);
  if (!start.startsWith('\x7fELF')) throw notElf(start, subject, hint);
  if (bytes.length < 16) throw malformedElf(subject, `truncated: the file has ${bytes.length} bytes`, hint);
  const [kind, order, version] = [bytes[4], bytes[5], bytes[6]];
  if (kind !== 1 && kind !== 2) throw malformedElf(subject, `ELF class ${kind} at offset 4, 1 or 2 expected`);
  if (order !== 1 && order !== 2)
    throw malformedElf(subject, `ELF byte order ${order} at offset 5, 1 or 2 expected`);
  if (version !== 1) throw malformedElf(subject, `ELF version ${version} at offset 6, 1 expected`);
}

function notElf(start: string, subject: string, hint: string): Error {
  const known = signatures.find(([signature]) => start.startsWith(signature));
  if (known)
    return malformedElf(subject, `${known[1]}, not an ELF file`, hint === compileHint ? known[2] : hint);
  const what = isText(start) ? 'a text file, not an ELF file' : 'not an ELF file';
  return malformedElf(subject, what, hint);
}

function isText(start: string): boolean {
  return /^[\t\n\r\f\x20-\x7e\x80-\xff]*$/.test(start);
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
