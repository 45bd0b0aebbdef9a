/** `libbpf-ts rebuild`: the addon from the sources in the package, for machines without a binary. */
import { fileURLToPath } from 'node:url';
import { BpfError } from '../errors/bpf-error.js';
import { shippedFile } from '../native/addon-file.js';
import { findPackage } from '../package.js';
import { command } from './command.js';
import { print } from './output.js';

/** What native/rebuild.mjs exports. */
interface Builder {
  rebuild(options: { readonly target: string; readonly libbpf: string | undefined }): Promise<void>;
}

export const rebuild = command({
  name: 'rebuild',
  summary: 'build the addon for a machine that the package has no binary for',
  usage: '',
  about: [
    'Compiles the sources in the package and puts the binary where the package looks for it.',
    'It takes a C++ compiler, make, python3, libelf.a and libz.a, and the npm packages prebuildify, node-gyp and',
    'node-addon-api in the current folder; libbpf is fetched, and known by its hash. No install runs it.',
  ],
  options: {
    libbpf: {
      type: 'string',
      value: 'DIR',
      help: "a folder of libbpf's unpacked source, instead of fetching it",
    },
  },
  operands: [0, 0],
  examples: ['rebuild', 'rebuild --libbpf ../libbpf-1.7.0'],
  async run({ options: { libbpf } }) {
    const folder = findPackage();
    if (folder === undefined) throw failure('the package is not installed here');
    const target = fileURLToPath(shippedFile(folder));
    const builder = (await import(new URL('native/rebuild.mjs', folder).href)) as Builder;
    await builder.rebuild({ target, libbpf }).catch((cause: Error) => {
      throw failure(cause.message, cause);
    });
    return print(`${target}\n`);
  },
});

function failure(reason: string, cause?: unknown): BpfError {
  return new BpfError({ code: 'ERR_BPF_ADDON', operation: 'rebuild the addon', reason, cause });
}
