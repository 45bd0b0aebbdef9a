/** The shape of a map's keys and values, by the map's own types. */
import type { Btf } from '../btf/index.js';
import { type Shape, shapeOf } from '../codec/index.js';

/** Of a section of variables, which is one value of a map, a struct of them. @param size - in bytes */
export function valueShape(btf: Btf, id: number, size: number): Shape {
  const type = btf.type(id);
  if (type.kind !== 'datasec') return shapeOf(btf, id);
  const members = type.variables.map(({ type: variable, offset }) => ({
    name: btf.name(variable),
    offset,
    shape: shapeOf(btf, variable, { tail: false }),
  }));
  return { kind: 'struct', type: type.name, size, members };
}
