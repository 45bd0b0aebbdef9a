/** USDT probes: libbpf reads their notes, which are looked at before. */
import { probesOf } from '../btf/usdt.js';
import { type Located, located } from './traced-functions.js';

/**
 * The path of a program or library whose probes libbpf can read.
 *
 * @throws BpfError `ERR_BPF_ELF` for one that is damaged.
 */
export function screenProbes(file: string): Located<number> {
  return located(file, elf => probesOf(elf).length);
}
