/** `libbpf-ts rebuild`: the addon from the sources in the package, for machines without a binary. */

import { command } from '../command/command.js';
import { print } from '../command/output.js';
import { rebuildAddon } from '../doors/build.js';

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
    return print(`${await rebuildAddon({ libbpf })}\n`);
  },
});
