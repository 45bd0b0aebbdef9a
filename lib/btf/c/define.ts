/** One definition as C text. */
import type { Btf } from '../btf.js';
import { variablesOf } from '../variables.js';
import { Declarator } from './declarator.js';

/** One definition, without what it needs. */
export function defineC(btf: Btf, id: number): string {
  const type = btf.type(id);
  const declarator = new Declarator(btf);
  switch (type.kind) {
    case 'struct':
    case 'union':
    case 'enum':
    case 'enum64':
      return `${declarator.define(type)};`;
    case 'typedef':
      return `typedef ${declarator.declare(type.type, type.name)};`;
    case 'func':
      return `${linkage(type.linkage)}${declarator.declare(type.type, type.name)};`;
    case 'var':
      return `${linkage(type.linkage)}${declarator.declare(type.type, type.name)};`;
    case 'datasec':
      return variablesOf(btf, type)
        .map(({ id }) => defineC(btf, id))
        .join('\n');
    case 'decl_tag':
      return `__attribute__((btf_decl_tag(${JSON.stringify(type.name)})))`;
    case 'unknown':
      return `/* ${type.name || 'a type'} of a kind that this version does not know */`;
    default:
      return declarator.declare(id, '');
  }
}

function linkage(value: string): string {
  return value === 'global' ? '' : `${value} `;
}
