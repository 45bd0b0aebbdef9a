/** Finds clang. */
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { BpfError } from '../errors/bpf-error.js';

const newest = 22;
const oldest = 14;

/** Names that distributions give to clang, in the order of trying. */
const names = [
  'clang',
  ...Array.from({ length: newest - oldest + 1 }, (_, index) => `clang-${newest - index}`),
];

/**
 * The path of clang.
 *
 * @param wanted - a path or a name on `PATH`; else the variable `CLANG`, else any known name
 * @throws BpfError `ERR_BPF_CLANG` that names what was looked for.
 */
export async function findClang(wanted = process.env.CLANG): Promise<string> {
  const candidates = wanted ? [wanted] : names;
  for (const candidate of candidates) {
    const found = await findProgram(candidate);
    if (found !== undefined) return found;
  }
  throw notFound(wanted);
}

async function findProgram(name: string): Promise<string | undefined> {
  const folders = name.includes('/') ? [''] : (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  for (const folder of folders) {
    const path = join(folder, name);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function notFound(wanted: string | undefined): BpfError {
  return new BpfError({
    code: 'ERR_BPF_CLANG',
    operation: 'find clang',
    reason: wanted
      ? `${wanted} is no program here`
      : `neither clang nor clang-${newest} to clang-${oldest} is on PATH`,
    hint: 'apt-get install clang, or name one with the clang option or the variable CLANG; libbpf-ts/trace needs none',
  });
}
