/** The variables of a section, as BTF lists them. */
import type { Btf } from './btf.js';
import type { BtfDatasec, BtfVar } from './type.js';

/** Variables of a section in order of declaration; functions, which `.ksyms` lists too, are left out. */
export function variablesOf(btf: Btf, { variables }: BtfDatasec): readonly BtfVar[] {
  return variables.flatMap(({ type: each }) => {
    const type = btf.type(each);
    return type.kind === 'var' ? [type] : [];
  });
}

/** The same by the section's name; none where there is no such section. */
export function variablesIn(btf: Btf, section: string): readonly BtfVar[] {
  const id = btf.find('datasec', section);
  const datasec = id === undefined ? undefined : btf.type(id);
  return datasec?.kind === 'datasec' ? variablesOf(btf, datasec) : [];
}
