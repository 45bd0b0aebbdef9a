/** Functions of programs and libraries. */
import type { Plans } from './plan.js';
import type { PointRequest } from './providers.js';
import { callRegisters } from './registers.js';

/** @throws BpfError for an attach point that names no function of a binary */
export function userFunction({ parts, refuse, target }: PointRequest, isReturn: boolean): Plans {
  const provider = isReturn ? 'uretprobe' : 'uprobe';
  const [binary, ...rest] = parts.filter(each => each !== 'cpp');
  const [, name, offset = '0'] = /^(.+?)(?:\+(0x[\da-f]+|\d+))?$/i.exec(rest.join(':')) ?? [];
  if (binary === undefined || name === undefined)
    throw refuse(`expected ${provider}:FILE:FUNCTION`, `as ${provider}:/bin/bash:readline`);
  const names = /[*?]/.test(name) ? (target.functions?.(binary, name) ?? []) : [name];
  if (names.length === 0) return { missing: `no function of ${binary} matches ${name}`, isPattern: true };
  const { arguments: places, result } = callRegisters(target.arch ?? process.arch);
  const registers = {
    arguments: isReturn ? [] : places,
    ...(isReturn && result !== undefined && { result }),
  };
  return names.map(each => ({
    provider,
    name: `${provider}:${binary}:${each}${Number(offset) > 0 ? `+${offset}` : ''}`,
    section: provider,
    trigger: { kind: 'user-function', binary, function: each, offset: Number(offset), isReturn },
    registers,
    space: 'user',
  }));
}
