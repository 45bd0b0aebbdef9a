/** Kernel functions that BPF programs may call, as C declarations. */
import type { Btf } from '../btf.js';
import { Declarator } from './declarator.js';

/**
 * One line for each function that BTF tags `bpf_kfunc` (`decl_tag_kfuncs` in scripts/Makefile.btf: pahole 1.27, Linux
 * 6.11), in the order of their names; empty where none is. They are weak, as bpftool has them: one that is missing at
 * load is address 0.
 */
export function kfuncsC(btf: Btf): string {
  const declarator = new Declarator(btf);
  const functions = [...kfuncs(btf)].sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
  const lines = functions.map(([name, prototype]) => {
    return `extern ${declarator.declare(prototype, name)} __attribute__((weak, section(".ksyms")));\n`;
  });
  return lines.join('');
}

/** Each one's name and prototype. */
function kfuncs(btf: Btf): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (let id = btf.firstId; id < btf.count; id++) {
    if (btf.kind(id) !== 'decl_tag' || btf.name(id) !== 'bpf_kfunc') continue;
    const tag = btf.type(id);
    const tagged = tag.kind === 'decl_tag' ? btf.type(tag.type) : undefined;
    if (tagged?.kind === 'func') found.set(tagged.name, tagged.type);
  }
  return found;
}
