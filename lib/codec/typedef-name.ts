/** What an anonymous type is called in C: by its typedef. */
import type { Btf } from '../btf/index.js';

/** The name nearest to an anonymous type, as `event_t` of `typedef struct { … } event_t`; empty without one. */
export function typedefName(btf: Btf, id: number): string {
  const end = btf.resolve(id);
  let name = '';
  for (let at = id; at !== end; ) {
    const type = btf.type(at);
    if (type.kind === 'typedef') name = type.name;
    at = 'type' in type ? type.type : end;
  }
  return name;
}
