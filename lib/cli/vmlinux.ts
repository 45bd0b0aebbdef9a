/** `libbpf-ts vmlinux`: the kernel's types as a C header. */

import { command } from '../command/command.js';
import { print, size } from '../command/output.js';
import { vmlinuxHeader, writeTogether } from '../doors/build.js';

export const vmlinux = command({
  name: 'vmlinux',
  summary: "print the kernel's types as a C header, vmlinux.h",
  usage: '',
  about: ['Makes vmlinux.h from the BTF of the running kernel, or of another one.'],
  options: {
    output: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      help: 'write to this file instead of standard output',
    },
    btf: { type: 'string', value: 'FILE', help: 'a raw BTF file; default: /sys/kernel/btf/vmlinux' },
  },
  operands: [0, 0],
  examples: ['vmlinux -o vmlinux.h', 'vmlinux --btf /sys/kernel/btf/vmlinux | grep -A4 "struct list_head {"'],
  async run({ options: { output, btf } }) {
    const header = await vmlinuxHeader(btf);
    if (output === undefined) return print(header);
    await writeTogether([{ path: output, content: header }]);
    return print(`${output}  ${size(Buffer.byteLength(header))}\n`);
  },
});
