/** The variables of a section, as BTF lists them. */
import type { Btf } from './btf.js';
import type { BtfVar } from './type.js';

/** @internal Variables of a section in order of declaration; none where there is no such section. */
export function variablesOf(btf: Btf, section: string): readonly BtfVar[] {
  const id = btf.find('datasec', section);
  const datasec = id === undefined ? undefined : btf.type(id);
  const entries = datasec?.kind === 'datasec' ? datasec.variables : [];
  return entries.flatMap(({ type: each }) => {
    const type = btf.type(each);
    return type.kind === 'var' ? [type] : [];
  });
}
