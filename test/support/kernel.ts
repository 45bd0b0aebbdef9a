/** The kernel that the tests run on: its release, its configuration, and what it lets root do. */
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { gunzipSync } from 'node:zlib';
import type { Condition } from './features.js';

export interface Kernel {
  /** As `uname -r` gives it. */
  readonly release: string;
  /** `y`, `m`, `n` or a value by option, without `CONFIG_`; options that it does not have are `n`. Undefined: not known. */
  readonly options: Options | undefined;
  readonly conditions: Readonly<Record<Condition, boolean>>;
}

export interface Options {
  get(option: string): string;
}

let known: Kernel | undefined;

export function thisKernel(): Kernel {
  known ??= {
    release: release(),
    options: options(),
    conditions: {
      'patches its text': patchesItsText(),
      'runs BPF security hooks': securityModules().includes('bpf'),
      'is in a virtual machine': process.env.LIBBPF_TS_VM !== undefined,
    },
  };
  return known;
}

/** The lines of a kernel's .config. */
export function parseConfig(text: string): Options {
  const values = new Map(
    Array.from(text.matchAll(/^CONFIG_(\w+)=(.*)$/gm), ([, name = '', value = '']) => [name, value]),
  );
  return { get: option => values.get(option) ?? 'n' };
}

/** Where kernels and distributions keep it. */
function options(): Options | undefined {
  const places = [`/boot/config-${release()}`, `/lib/modules/${release()}/config`];
  const plain = places.find(path => existsSync(path));
  if (plain !== undefined) return parseConfig(readFileSync(plain, 'utf8'));
  if (!existsSync('/proc/config.gz')) return undefined;
  return parseConfig(gunzipSync(readFileSync('/proc/config.gz')).toString());
}

/**
 * ftrace and trampolines write jumps into the kernel's functions. Some kernels are sealed against that: ftrace then
 * refuses even to list the functions, to root too. A kernel without ftrace's files has no such seal to show.
 */
function patchesItsText(): boolean {
  try {
    closeSync(openSync('/sys/kernel/tracing/available_filter_functions', 'r'));
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EPERM';
  }
}

/** Those that are active, in their order. */
function securityModules(): string[] {
  const file = '/sys/kernel/security/lsm';
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split(',') : [];
}
