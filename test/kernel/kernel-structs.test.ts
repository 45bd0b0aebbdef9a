/** Fields of the kernel's structs are where the running kernel's own types have them. */

import type { CType } from 'libbpf-ts/btf';
import { kernelBtf } from 'libbpf-ts/inspect';
import { describe, expect, it } from 'vitest';
import { kernelStructs } from '../../lib/kinds/kernel-structs.js';
import { need } from '../support/need.js';

interface Fields {
  readonly [name: string]: number | Fields;
}

/** Leaves of the table, as `['perf_event.kprobe.addr', 40]`. */
function leaves(fields: Fields): [string, number][] {
  return Object.entries(fields).flatMap(([name, place]) =>
    typeof place === 'number'
      ? [[name, place] as [string, number]]
      : leaves(place).map(([rest, at]): [string, number] => [`${name}.${rest}`, at]),
  );
}

/** What the kernel says; undefined for a field that came after it. */
function offsetIn(type: CType, [name = '', ...rest]: readonly string[]): number | undefined {
  for (const member of type.members) {
    const path = member.name === '' ? [name, ...rest] : rest;
    if (member.name !== '' && member.name !== name) continue;
    const inner = path.length === 0 ? 0 : offsetIn(member.type.resolved, path);
    if (inner !== undefined) return member.offset + inner;
  }
  return undefined;
}

/** Undefined where the kernel has no such struct. */
function structOf(name: string): CType | undefined {
  const [id] = kernelBtf().findAll('struct', name);
  return id === undefined ? undefined : kernelBtf().get(id);
}

describe.each(Object.entries<Fields>(kernelStructs))('struct %s', (name, fields) => {
  const type = structOf(name);
  const places = leaves(fields).map(
    ([path, ours]) => [path, ours, type && offsetIn(type, path.split('.'))] as const,
  );
  const there = places.filter(([, , kernels]) => kernels !== undefined);

  it('has its fields there', context => {
    if (type === undefined) need(context, 'structs');
    expect(there.length).toBeGreaterThan(0);
    expect(there.filter(([, ours, kernels]) => ours !== kernels)).toEqual([]);
  });

  it('has nothing at the place of a field that came later', () => {
    const last = Math.max(0, ...there.map(([, , kernels]) => kernels ?? 0));
    const later = places.filter(([path, , kernels]) => kernels === undefined && !path.includes('.'));
    expect(later.filter(([, ours]) => ours < last)).toEqual([]);
  });

  it('has all of them where the kernel is new enough', context => {
    need(context, 'structs');
    expect(places.filter(([, , kernels]) => kernels === undefined)).toEqual([]);
  });
});
