/** The addon from the sources in the package, for machines without a binary. */
import { fileURLToPath } from 'node:url';
import { requireOptions } from '../errors/arguments.js';
import { BpfError } from '../errors/bpf-error.js';
import { shippedFile } from '../native/addon-file.js';
import { findPackage } from '../package.js';

/** What {@link rebuildAddon} is made from. */
export interface RebuildOptions {
  /** A folder of libbpf's unpacked source, instead of fetching it. */
  readonly libbpf?: string | undefined;
}

/** What native/rebuild.mjs exports. */
interface Builder {
  rebuild(options: { readonly target: string; readonly libbpf: string | undefined }): Promise<void>;
}

/**
 * Compiles the sources in the package and puts the binary where the package looks for it. It takes a C++ compiler, make,
 * python3, libelf.a and libz.a, and the npm packages prebuildify, node-gyp and node-addon-api in the current folder;
 * libbpf is fetched, and known by its hash. No install runs it.
 *
 * @returns the binary's path
 * @throws BpfError `ERR_BPF_ADDON` with what is missing, or with what failed
 */
export async function rebuildAddon(options: RebuildOptions = {}): Promise<string> {
  requireOptions('rebuild the addon', options, ['libbpf']);
  const folder = findPackage();
  if (folder === undefined) throw failure('the package is not installed here');
  const target = fileURLToPath(shippedFile(folder));
  const builder = (await import(new URL('native/rebuild.mjs', folder).href)) as Builder;
  await builder.rebuild({ target, libbpf: options.libbpf }).catch((cause: Error) => {
    throw failure(cause.message, cause);
  });
  return target;
}

function failure(reason: string, cause?: unknown): BpfError {
  return new BpfError({ code: 'ERR_BPF_ADDON', operation: 'rebuild the addon', reason, cause });
}
