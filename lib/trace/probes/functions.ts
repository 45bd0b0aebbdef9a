/** Functions of the kernel: by kprobes, with registers, or by trampolines, with typed arguments. */
import type { Btf, BtfFuncProto } from '../../doors/btf.js';
import { meant } from '../../errors/nearest.js';
import { typeOf } from '../types/from-btf.js';
import { matcher } from './pattern.js';
import type { Argument, Plans, ProbePlan } from './plan.js';
import type { PointRequest } from './providers.js';
import { callRegisters } from './registers.js';

/** @throws BpfError for an attach point that names no function */
export function kernelFunction({ parts, refuse, target }: PointRequest, isReturn: boolean): Plans {
  const provider = isReturn ? 'kretprobe' : 'kprobe';
  const [, name, offset = '0'] = /^([\w.$*?[\]-]+?)(?:\+(0x[\da-f]+|\d+))?$/i.exec(parts.at(-1) ?? '') ?? [];
  if (name === undefined) throw refuse(`expected ${provider}:FUNCTION`, `as ${provider}:vfs_read`);
  const names = name.includes('*') && target.btf ? matching(target.btf, name) : [name];
  if (names.length === 0) return { missing: `no function of the kernel matches ${name}`, isPattern: true };
  const { arguments: places, result } = callRegisters(target.arch ?? process.arch);
  const registers = {
    arguments: isReturn ? [] : places,
    ...(isReturn && result !== undefined && { result }),
  };
  return names.map(each => ({
    provider,
    name: `${provider}:${each}${Number(offset) > 0 ? `+${offset}` : ''}`,
    section: provider,
    trigger: { kind: 'function', function: each, offset: Number(offset), isReturn },
    registers,
    space: 'kernel',
  }));
}

function matching(btf: Btf, pattern: string): string[] {
  return functionsIn(btf).filter(matcher(pattern));
}

function functionsIn(btf: Btf): string[] {
  return [...new Set([...btf.ids('func')].map(id => btf.name(id)))];
}

/** @throws BpfError for an attach point that names no function, or without types */
export function traced({ parts, refuse, target }: PointRequest, kind: 'fentry' | 'fexit'): Plans {
  const name = parts.at(-1);
  if (name === undefined || parts[0] === 'bpf')
    throw refuse(`expected ${kind}:FUNCTION`, `as ${kind}:vfs_read`);
  const { btf } = target;
  if (btf === undefined) throw refuse(`${kind} needs the kernel's types (BTF)`);
  const names = name.includes('*') ? matching(btf, name) : [name];
  if (names.length === 0) return { missing: `no function of the kernel matches ${name}`, isPattern: true };
  const unknown = names.find(each => prototypeOf(btf, each) === undefined);
  if (unknown !== undefined)
    return { missing: `the kernel has no function ${unknown}`, hint: meant(unknown, functionsIn(btf)) };
  return names.map(each => tracedPlan(btf, each, kind));
}

function prototypeOf(btf: Btf, name: string): BtfFuncProto | undefined {
  const id = btf.find('func', name);
  const func = id === undefined ? undefined : btf.type(id);
  const prototype = func?.kind === 'func' ? btf.type(func.type) : undefined;
  return prototype?.kind === 'func_proto' ? prototype : undefined;
}

function tracedPlan(btf: Btf, name: string, kind: 'fentry' | 'fexit'): ProbePlan {
  const { params, type } = prototypeOf(btf, name) ?? { params: [], type: 0 };
  const list: Argument[] = params.map((each, at) => ({
    name: each.name,
    type: typeOf(btf, each.type, 'kernel'),
    offset: at * 8,
    size: 8,
  }));
  const offset = list.length * 8;
  const result = { name: 'retval', type: typeOf(btf, type, 'kernel'), offset, size: 8 };
  return {
    provider: kind,
    name: `${kind}:vmlinux:${name}`,
    section: `${kind}/${name}`,
    trigger: { kind, function: name },
    arguments: list,
    ...(kind === 'fexit' && { result }),
    space: 'kernel',
  };
}
