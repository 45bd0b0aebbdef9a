/** The flags that clang needs to make a CO-RE object. */
import { dirname, relative, resolve } from 'node:path';
import { littleEndian } from '../btf/index.js';
import { BpfError } from '../errors/bpf-error.js';
import { libbpfFolder } from './headers.js';

/** Files of one run. */
interface ClangPaths {
  readonly source: string;
  readonly object: string;
  /** Where clang writes which files it read, in make's form. */
  readonly dependencies: string;
}

/** What a processor is called by bpf_tracing.h, and by Debian's folder of headers for it. */
interface Architecture {
  readonly target: string;
  readonly multiarch: string;
}

/** Processors that store the highest byte first. */
const bigEndian: ReadonlySet<string> = new Set(['s390x', ...(littleEndian ? [] : ['ppc64'])]);

const architectures: Readonly<Record<string, Architecture>> = {
  arm: { target: 'arm', multiarch: 'arm-linux-gnueabihf' },
  arm64: { target: 'arm64', multiarch: 'aarch64-linux-gnu' },
  loong64: { target: 'loongarch', multiarch: 'loongarch64-linux-gnu' },
  mips64el: { target: 'mips', multiarch: 'mips64el-linux-gnuabi64' },
  ppc64: { target: 'powerpc', multiarch: 'powerpc64le-linux-gnu' },
  riscv64: { target: 'riscv', multiarch: 'riscv64-linux-gnu' },
  s390x: { target: 's390', multiarch: 's390x-linux-gnu' },
  x64: { target: 'x86', multiarch: 'x86_64-linux-gnu' },
};

/**
 * All arguments of clang. Our folders are system folders, so that the user's own come first whatever the order.
 *
 * @param processor - as `process.arch` has it: whose registers `bpf_tracing.h` names
 * @throws BpfError `ERR_BPF_UNSUPPORTED_PLATFORM` for a processor that libbpf does not know.
 */
export function clangFlags(
  paths: ClangPaths,
  vmlinux: string | undefined,
  flags: readonly string[] = [],
  processor: string = process.arch,
): string[] {
  const { target, multiarch } = architecture(processor);
  const folders = [vmlinux, libbpfFolder()].filter(folder => folder !== undefined);
  return [
    ...[
      '-target',
      bigEndian.has(processor) ? 'bpfeb' : 'bpfel',
      '-mcpu=v3',
      '-O2',
      '-g',
      '-Wall',
      // From clang 16 on it is one anyway; the linker's complaint would only come later.
      '-Werror=implicit-function-declaration',
      `-D__TARGET_ARCH_${target}`,
    ],
    ...[prefixMap(paths.source), '-MMD', '-MF', paths.dependencies],
    ...flags,
    ...folders.flatMap(folder => ['-isystem', folder]),
    // The headers of another processor are seldom installed; those that BPF programs use are the same on all.
    ...[multiarch, architectures[process.arch]?.multiarch ?? multiarch].flatMap(name => [
      '-idirafter',
      `/usr/include/${name}`,
    ]),
    ...['-x', 'c', '-c', paths.source, '-o', paths.object],
  ];
}

/** Line information names files; relative to here, the object is the same in every clone. */
function prefixMap(source: string): string {
  const outside = relative('.', source).startsWith('..');
  return `-fdebug-prefix-map=${outside ? dirname(resolve(source)) : process.cwd()}=.`;
}

function architecture(processor: string): Architecture {
  const found = Object.hasOwn(architectures, processor) ? architectures[processor] : undefined;
  if (found !== undefined) return found;
  throw new BpfError({
    code: 'ERR_BPF_UNSUPPORTED_PLATFORM',
    operation: `compile for ${processor}`,
    reason: 'libbpf has no registers for this processor',
    hint: `it has them for ${Object.keys(architectures).join(', ')}`,
  });
}
