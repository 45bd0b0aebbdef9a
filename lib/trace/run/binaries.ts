/** Programs and libraries: which there are, their functions, and the probes that their authors put there. */
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { Elf, type ElfSegment, loadSegments, usdtProbesSync } from '../../doors/btf.js';
import { BpfError } from '../../errors/bpf-error.js';
import type { UsdtTarget } from '../machine.js';
import { matcher } from '../probes/pattern.js';
import { resolveBinary } from './libraries.js';

/** Files by a name or a pattern; without one, what the process has mapped to run. */
export function binariesOf(pattern: string, pid: number | undefined): readonly string[] {
  if (pattern === '' || pattern === '*') return pid === undefined ? [] : mappedFiles(pid);
  if (!/[*?]/.test(pattern)) return [pattern];
  const [folder, fits] = [dirname(pattern), matcher(basename(pattern))];
  const prefix = pattern.slice(0, pattern.length - basename(pattern).length);
  return namesIn(folder)
    .filter(name => fits(name) && statSync(`${folder}/${name}`, { throwIfNoEntry: false })?.isFile())
    .map(name => `${prefix}${name}`);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** The program itself and its libraries, as the process sees them (proc_pid_maps(5), proc_pid_root(5)). */
function mappedFiles(pid: number): string[] {
  try {
    const maps = readFileSync(`/proc/${pid}/maps`, 'utf8');
    const paths = Array.from(maps.matchAll(/^\S+ ..x\S* \S+ \S+ \S+ +(\/.*)$/gm), ([, path = '']) => path);
    return [...new Set([readlinkSync(`/proc/${pid}/exe`), ...paths])].map(path => `/proc/${pid}/root${path}`);
  } catch {
    return [];
  }
}

/** Undefined where the file is none that can be read. */
function read<T>(binary: string, use: (elf: Elf, path: string) => T): T | undefined {
  const path = resolveBinary(binary);
  try {
    return use(Elf.parse(readFileSync(path), path), path);
  } catch (error) {
    if (error instanceof BpfError || (error as NodeJS.ErrnoException).code !== undefined) return undefined;
    throw error;
  }
}

/** Those of a file without any are none. */
export function usdtOf(binary: string): readonly UsdtTarget[] | undefined {
  return read(binary, (elf, path) => {
    const segments = loadSegments(elf);
    return usdtProbesSync(path).map(({ address, semaphore, ...probe }) => ({
      provider: probe.provider,
      name: probe.name,
      arguments: probe.arguments,
      offset: inFile(segments, address),
      semaphore: semaphore === 0n ? 0n : inFile(segments, semaphore),
    }));
  });
}

/** Where in the file an address of it is. */
function inFile(segments: readonly ElfSegment[], address: bigint): bigint {
  const found = segments.find(each => address >= each.address && address < each.address + BigInt(each.size));
  return found === undefined ? address : address - found.address + BigInt(found.offset);
}

/** Where in the file an address of it is, as `nm` shows addresses; the number itself where the file is none of ours. */
export function offsetInFile(binary: string, address: bigint): bigint {
  return read(binary, elf => inFile(loadSegments(elf), address)) ?? address;
}

/** `STT_FUNC`. */
const functionType = 2;

/** Names of functions that fit a pattern; undefined where the file cannot be read. */
export function functionsOf(binary: string, pattern: string): readonly string[] | undefined {
  const fits = matcher(pattern);
  return read(binary, elf => {
    const functions = elf.symbols.filter(({ type, section }) => type === functionType && section !== 0);
    return [...new Set(functions.map(({ name }) => name))].filter(fits).sort();
  });
}
