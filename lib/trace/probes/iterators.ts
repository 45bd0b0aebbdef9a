/** Iterators: the program runs for each task, file or map that there is. */
import { meant } from '../../errors/nearest.js';
import { fieldNames, fieldOf } from '../types/from-btf.js';
import type { Argument, ProbePlan } from './plan.js';
import type { PointRequest } from './providers.js';

/** What the kernel calls the context of an iterator's program. */
const prefix = 'bpf_iter__';

/** @throws BpfError for one that the types have not */
export function iterator({ parts, point, refuse, target }: PointRequest): ProbePlan[] {
  const [name, pin] = parts;
  if (name === undefined || parts.length > 2) throw refuse('expected iter:NAME', 'as iter:task');
  if (pin !== undefined) throw refuse('iterators are not pinned here', `write iter:${name}`);
  const { btf } = target;
  if (btf === undefined) throw refuse("iterators need the kernel's types (BTF)");
  const id = btf.find('struct', `${prefix}${name}`);
  if (id === undefined) throw refuse(`there is no iterator ${name}`, meant(name, iteratorNames(btf)));
  const list = fieldNames(btf, id).flatMap((each): Argument[] => {
    const field = fieldOf(btf, id, each, 'kernel');
    return field === undefined ? [] : [{ name: each, type: field.type, offset: field.offset, size: 8 }];
  });
  return [
    {
      provider: 'iter',
      name: point.text.replace(/^it:/, 'iter:'),
      section: `iter/${name}`,
      trigger: { kind: 'iter', target: name },
      arguments: list.filter((each, at) => list.findIndex(({ name: other }) => other === each.name) === at),
      space: 'kernel',
    },
  ];
}

function iteratorNames(btf: NonNullable<PointRequest['target']['btf']>): string[] {
  const names = [...btf.ids('struct')].map(id => btf.name(id));
  return names.filter(each => each.startsWith(prefix)).map(each => each.slice(prefix.length));
}
