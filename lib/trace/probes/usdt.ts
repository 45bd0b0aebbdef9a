/** Probes that a program's author put there: usdt. */
import { meant } from '../../errors/nearest.js';
import type { UsdtTarget } from '../machine.js';
import { matcher } from './pattern.js';
import type { Plans, ProbePlan } from './plan.js';
import type { PointRequest } from './providers.js';
import { type UsdtPlace, usdtPlace } from './usdt-operand.js';

/** @throws BpfError for an attach point that names none */
export function usdt(request: PointRequest): Plans {
  const { parts, refuse, target } = request;
  const [pattern = '', ...names] = parts;
  const name = names.pop();
  const provider = names.pop() ?? '';
  if (name === undefined || names.length > 0)
    throw refuse('expected usdt:FILE:PROVIDER:NAME', 'as usdt:/usr/sbin/mysqld:mysql:query__start');
  const files = target.binaries?.(pattern) ?? [pattern];
  if (files.length === 0)
    throw refuse(
      pattern === '' || pattern === '*' ? 'no process says which files' : `no file matches ${pattern}`,
      'name a file, or a process: -p PID',
    );
  const found = files.flatMap(file => inFile(request, file, provider || '*', name || '*'));
  if (found.length > 0) return found;
  const known = files.flatMap(file => target.usdt?.(file) ?? []).map(each => each.name);
  return {
    missing: `there is no probe ${provider}:${name} in ${files.join(', ')}`,
    hint: meant(name, known),
  };
}

/** The probes of a file: one of several places is one, if its arguments are in the same places there. */
function inFile({ target, refuse }: PointRequest, file: string, provider: string, name: string): ProbePlan[] {
  const list = target.usdt?.(file);
  if (list === undefined) throw refuse(`${file} is no program or library that can be read`);
  const [fitsProvider, fitsName] = [matcher(provider), matcher(name)];
  const groups = new Map<string, UsdtTarget[]>();
  for (const each of list.filter(probe => fitsProvider(probe.provider) && fitsName(probe.name))) {
    const key = JSON.stringify([each.provider, each.name, each.arguments]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].map(places => planOf(file, places, target.arch ?? process.arch));
}

function planOf(file: string, places: readonly UsdtTarget[], arch: string): ProbePlan {
  const [first] = places as readonly [UsdtTarget];
  const values: (UsdtPlace | undefined)[] = first.arguments.map(each => usdtPlace(each, arch));
  return {
    provider: 'usdt',
    name: `usdt:${file}:${first.provider}:${first.name}`,
    section: 'uprobe',
    trigger: {
      kind: 'usdt',
      binary: file,
      places: places.map(({ offset, semaphore }) => ({ offset, semaphore })),
    },
    values,
    registers: { arguments: [] },
    space: 'user',
  };
}
