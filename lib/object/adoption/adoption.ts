/** `loadOrAdopt()`: an object takes over from the process before: its maps with their content, its links without a gap. */

import type { AttachArguments } from '../../attach/arguments.js';
import { requireMethod, requireOptions, requireText } from '../../errors/arguments.js';
import type { Description } from '../../gen/description.js';
import type { Link } from '../../link/link.js';
import { type Flow, run, runSync } from '../../native/flow.js';
import type { LoadedObject } from '../loaded-object.js';
import type { OpenObject } from '../object.js';
import type { Places } from './links.js';
import { planMaps, settleMap } from './maps.js';
import type { AdoptedPart } from './part.js';
import { PinFolder } from './pin-folder.js';
import { Succession } from './succession.js';

/** The struct_ops tables of an object. */
export type StructOpsTableOf<D extends Description> = keyof {
  [Name in keyof D['maps'] as D['maps'][Name]['kind'] extends 'struct_ops' ? Name : never]: Name;
};

/** Where an object lives from one process to the next, and where its programs attach. */
export interface AdoptOptions<D extends Description = Description> {
  /** A folder of a BPF file system, for this object alone; made where it is not there. */
  readonly folder: string;
  /** What `attach()` takes, by program; `false`: not attached, as of tables. The others attach as their sections say. */
  readonly attach?: {
    readonly [Name in keyof D['programs']]?: AttachArguments<D['programs'][Name]>[0] | false;
  } & { readonly [Name in StructOpsTableOf<D>]?: false };
  /** Maps that may be made anew where the pinned one does not fit, as `counts` or `.bss`: its content is lost. */
  readonly replace?: readonly string[];
}

/** What {@link loadOrAdopt} did. */
export interface Adoption<D extends Description = Description> {
  readonly object: LoadedObject<D>;
  /** By program or table; closing one leaves it attached, `detach()` does not. */
  readonly links: Readonly<Partial<Record<keyof D['programs'] | StructOpsTableOf<D>, Link>>>;
  /** Each map and program, what became of it, and why. */
  readonly report: readonly AdoptedPart[];
}

/**
 * Loads an object that outlives its process. What an earlier process pinned in the folder is taken over: maps and
 * `.data` and `.bss` with their content, and each link, which goes from the old program to the new one in one step;
 * what is not there is made and pinned. So a service that is restarted, or killed, misses nothing, and what it has
 * counted goes on. Kinds of links that keep their program are attached anew before the old ones go, and the report says
 * so. Tables of `.struct_ops.link` attach too, and a pinned link takes the new one; those without a link are left to
 * `attach()`. Constants and arenas are this process's own.
 *
 * Initial values of `data` and `bss` count only where nothing is pinned. A folder is locked while it is adopted, until
 * that is done or its process is gone.
 *
 * @throws BpfError `EBUSY` where another process adopts the folder at this moment, `ERR_BPF_MAP` where pinned maps do not fit, with each difference in size, flags and members;
 * otherwise as `load()` and `attach()`. Nothing has changed then, unless an update itself failed.
 * @since Linux 5.7 for links that take another program (link_update() in kernel/bpf/syscall.c)
 * @example
 * ```ts
 * const opened = await open('execsnoop.bpf.o');
 * const { object, report } = await loadOrAdopt(opened, { folder: '/sys/fs/bpf/execsnoop' });
 * console.table(report); // kind, name, outcome: adopted, updated, created, replaced, …, why
 * ```
 */
export function loadOrAdopt<D extends Description>(
  opened: OpenObject<D>,
  options: AdoptOptions<D>,
): Promise<Adoption<D>> {
  return run(adopt(opened, options));
}

/** {@link loadOrAdopt} on this thread. */
export function loadOrAdoptSync<D extends Description>(
  opened: OpenObject<D>,
  options: AdoptOptions<D>,
): Adoption<D> {
  return runSync(adopt(opened, options));
}

function* adopt<D extends Description>(opened: OpenObject<D>, options: AdoptOptions<D>): Flow<Adoption<D>> {
  requireMethod('adopt an object', opened, 'loadFlow', 'it takes an opened object');
  requireOptions(`adopt ${opened.name}`, options, ['folder', 'attach', 'replace']);
  const { folder: path, attach = {}, replace = [] } = options ?? {};
  requireText(`adopt ${opened.name}`, 'its folder', path);
  const operation = `adopt ${opened.name} from ${path}`;
  try {
    const folder = new PinFolder(path, operation);
    return yield* folder.alone(operation, function* () {
      const maps = yield* planMaps(operation, opened.parts, folder, replace);
      for (const map of maps) settleMap(map, folder, operation);
      const object = yield* opened.loadFlow();
      return yield* new Succession(object, folder, maps, operation).run(attach as Places);
    });
  } catch (error) {
    opened.closeSync();
    throw error;
  }
}
