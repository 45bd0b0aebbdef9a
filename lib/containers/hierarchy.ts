/** Cgroup hierarchies of this machine: one of version 2, and as many of version 1 as are mounted. */
import { readFile } from 'node:fs/promises';
import { argumentError, shown } from '../errors/arguments.js';
import { BpfError } from '../errors/bpf-error.js';

/** One hierarchy. */
export interface Hierarchy {
  readonly version: 1 | 2;
  /** What the kernel numbers it by: 0 is version 2 (cgroups(7)). */
  readonly number: number;
  /** Where it is mounted. */
  readonly folder: string;
  /** `memory`, `cpu`; none of version 2. */
  readonly controllers: readonly string[];
}

/** `/proc/self/mounts` and `/proc/self/cgroup`, as far as they speak of cgroups. */
export async function readHierarchies(): Promise<Hierarchy[]> {
  const [mounts, own] = await Promise.all([
    readFile('/proc/self/mounts', 'utf8'),
    readFile('/proc/self/cgroup', 'utf8'),
  ]);
  return parseHierarchies(mounts, own);
}

/** Those of version 2 first. A mount of one that this process's table of cgroups does not have is left out. */
export function parseHierarchies(mounts: string, own: string): Hierarchy[] {
  const numbers = numbersOf(own);
  const found = mounts.split('\n').flatMap((line): Hierarchy[] => {
    const [, folder = '', type, options = ''] = line.split(' ');
    if (type === 'cgroup2')
      return [{ version: 2, number: 0, folder: unescapeOctal(folder), controllers: [] }];
    if (type !== 'cgroup') return [];
    const controllers = options.split(',').filter(option => numbers.has(option));
    const number = numbers.get(controllers[0] ?? '');
    return number === undefined ? [] : [{ version: 1, number, folder: unescapeOctal(folder), controllers }];
  });
  return found.sort((one, other) => other.version - one.version);
}

/** By controller: `4:memory:/path`, `9:name=systemd:/path`. */
function numbersOf(own: string): Map<string, number> {
  const lines = [...own.matchAll(/^(\d+):([^:]+):/gm)];
  return new Map(
    lines.flatMap(([, number, names = '']) => names.split(',').map(name => [name, Number(number)])),
  );
}

/** The kernel writes blanks and backslashes as octal numbers (mangle() in fs/proc_namespace.c). */
function unescapeOctal(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/**
 * The hierarchy whose numbers programs tell: version 2 for bpf_get_current_cgroup_id() (kernel/bpf/helpers.c).
 *
 * @param controller - one of version 1, for programs that take a task's cgroup of it
 * @throws BpfError `ENOENT` where it is not mounted
 */
export async function chooseHierarchy(controller: string | undefined): Promise<Hierarchy> {
  const all = await readHierarchies();
  const found = all.find(each =>
    controller === undefined ? each.version === 2 : each.controllers.includes(controller),
  );
  if (found) return found;
  const mounted = all.map(each => (each.version === 2 ? 'version 2' : each.controllers.join(',')));
  throw new BpfError({
    code: 'ENOENT',
    operation: 'look for containers',
    reason: `cgroups of ${controller === undefined ? 'version 2' : `controller ${controller}`} are not mounted`,
    hint: mounted.length === 0 ? 'none are' : `mounted are: ${mounted.join('; ')}`,
  });
}

/** @internal */
export function requireController(operation: string, controller: unknown): void {
  if (controller === undefined || (typeof controller === 'string' && controller !== '')) return;
  throw argumentError(operation, `controller is a name, as memory, not ${shown(controller)}`);
}
