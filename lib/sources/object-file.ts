/** Where the package keeps the BPF objects of sources. */
import { BpfError } from '../errors/bpf-error.js';
import { findPackage } from '../package.js';

/** The file of an object. @throws BpfError `ERR_BPF_PART` where a bundle runs far from the package */
export function objectFile(name: string): URL {
  const folder = findPackage();
  if (folder !== undefined) return new URL(`dist/sources/${name}.bpf.o`, folder);
  throw new BpfError({
    code: 'ERR_BPF_PART',
    operation: `load the source ${name}`,
    reason: 'the package libbpf-ts is not to be found from this bundle',
    hint: 'leave libbpf-ts out of the bundle (external), and install it beside',
  });
}
