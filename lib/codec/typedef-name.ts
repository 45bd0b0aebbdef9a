/** The typedefs that a type is used by. */
import type { Btf } from '../btf/index.js';

/** Names of the typedefs between a use and the type, the outermost first: of `__be16 port` that is `__be16`, `__u16`. */
export function typedefNames(btf: Btf, id: number): string[] {
  const end = btf.resolve(id);
  const names: string[] = [];
  for (let at = id; at !== end; ) {
    const type = btf.type(at);
    if (type.kind === 'typedef') names.push(type.name);
    at = 'type' in type ? type.type : end;
  }
  return names;
}
