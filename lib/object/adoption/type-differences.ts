/** Whether bytes that a map holds mean to one object what they meant to another: members by name, place and size. */
import type { Btf } from '../../btf/index.js';
import { buildCodec, type Codec, type Layout, shapeOf, struct } from '../../codec/index.js';

/** Where a member lies. */
interface Place {
  readonly offset: number;
  readonly size: number;
}

/**
 * One line for each member that differs: `value.bytes is at 8, should be at 16`.
 *
 * @param what - as `value`; empty for variables
 */
export function typeDifferences(what: string, found: Codec<unknown>, wanted: Codec<unknown>): string[] {
  const [there, here] = [placesIn(found, what), placesIn(wanted, what)];
  const gone = [...there.keys()].filter(name => !here.has(name)).map(name => `${name} is there, should not`);
  const others = [...here].flatMap(([name, { offset, size }]) => {
    const old = there.get(name);
    if (old === undefined) return [`${name} is not there`];
    return [
      ...(old.offset === offset ? [] : [`${name} is at ${old.offset}, should be at ${offset}`]),
      ...(old.size === size ? [] : [`${name} has ${old.size} bytes, should have ${size}`]),
    ];
  });
  return [...gone, ...others];
}

/** Members of structs in structs too; a type without members is one place. */
function placesIn(codec: Codec<unknown>, name: string, offset = 0): Map<string, Place> {
  const layout = 'layout' in codec ? (codec.layout as Layout<Record<string, unknown>>) : undefined;
  if (layout === undefined) return new Map([[name, { offset, size: codec.size }]]);
  const members = Object.entries(layout).flatMap(([member, [at, of]]) => [
    ...placesIn(of, name === '' ? member : `${name}.${member}`, offset + at),
  ]);
  return new Map(members);
}

/** The variables of a section, as the map behind it was made with them; undefined where the type is another. */
export function variablesIn(btf: Btf, id: number): Codec<unknown> | undefined {
  const section = btf.type(id);
  if (section.kind !== 'datasec') return undefined;
  const layout = section.variables.flatMap(({ type, offset }) => {
    const { kind, name } = btf.type(type) as { kind: string; name: string };
    return kind === 'var' ? [[name, [offset, buildCodec(shapeOf(btf, type))]]] : [];
  });
  return struct(section.name, section.size, Object.fromEntries(layout));
}
