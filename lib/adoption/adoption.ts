/** `loadOrAdopt()`: an object takes over from the process before: its maps with their content, its links without a gap. */
import { unlinkSync } from 'node:fs';
import type { AttachArguments } from '../attach/arguments.js';
import { check } from '../errno.js';
import { type Flow, job, run, runSync } from '../flow.js';
import type { Description } from '../gen/description.js';
import type { Link } from '../link.js';
import type { LoadedObject } from '../loaded-object.js';
import type { MapBase } from '../map/map-state.js';
import type { OpenObject } from '../object.js';
import type { Program } from '../program.js';
import {
  type Attached,
  attachAnew,
  type LinkPlan,
  leaveToPin,
  opened as openedLink,
  type Places,
  planLinks,
  remove,
  update,
} from './links.js';
import { type MapPlan, planMaps, settleMap } from './maps.js';
import type { AdoptedPart } from './part.js';
import { PinFolder } from './pin-folder.js';

/** Where an object lives from one process to the next, and where its programs attach. */
export interface AdoptOptions<D extends Description = Description> {
  /** A folder of a BPF file system, for this object alone; made where it is not there. */
  readonly folder: string;
  /** What `attach()` takes, by program; `false`: not attached. The others attach as their sections say. */
  readonly attach?: {
    readonly [Name in keyof D['programs']]?: AttachArguments<D['programs'][Name]>[0] | false;
  };
  /** Maps that may be made anew where the pinned one does not fit, as `counts` or `.bss`: its content is lost. */
  readonly replace?: readonly string[];
}

/** What {@link loadOrAdopt} did. */
export interface Adoption<D extends Description = Description> {
  readonly object: LoadedObject<D>;
  /** By program; closing one leaves it attached, `detach()` does not. */
  readonly links: Readonly<Partial<Record<keyof D['programs'], Link>>>;
  /** Each map and program, what became of it, and why. */
  readonly report: readonly AdoptedPart[];
}

/**
 * Loads an object that outlives its process. What an earlier process pinned in the folder is taken over: maps and
 * `.data` and `.bss` with their content, and each link, which goes from the old program to the new one in one step;
 * what is not there is made and pinned. So a service that is restarted, or killed, misses nothing, and what it has
 * counted goes on. Kinds of links that keep their program are attached anew before the old ones go, and the report says
 * so. Constants are this process's own; struct_ops maps are left to `attach()`.
 *
 * Initial values of `data` and `bss` count only where nothing is pinned. One process at a time may adopt a folder.
 *
 * @throws BpfError `ERR_BPF_MAP` where pinned maps do not fit, with each difference in size, flags and members;
 * otherwise as `load()` and `attach()`. Nothing has changed then, unless an update itself failed.
 * @since Linux 5.7 for links that take another program
 * @example
 * ```ts
 * const opened = await execsnoop.open();
 * const { object, report } = await loadOrAdopt(opened, { folder: '/sys/fs/bpf/execsnoop' });
 * console.table(report); // kind, name, fate: adopted, updated, created, replaced, …, why
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

function* adopt<D extends Description>(
  opened: OpenObject<D>,
  { folder: path, attach = {}, replace = [] }: AdoptOptions<D>,
): Flow<Adoption<D>> {
  const operation = `adopt ${opened.name} from ${path}`;
  try {
    const folder = new PinFolder(path, operation);
    const maps = yield* planMaps(operation, opened.parts, folder, replace);
    for (const map of maps) settleMap(map, folder, operation);
    const object = yield* opened.loadFlow();
    return yield* new Succession(object, folder, maps, operation).run(attach as Places);
  } catch (error) {
    opened.closeSync();
    throw error;
  }
}

/** The steps after load: what is new is pinned and attached, then links are updated, then what is old goes. */
class Succession<D extends Description> {
  readonly #object: LoadedObject<D>;
  readonly #folder: PinFolder;
  readonly #maps: readonly MapPlan[];
  readonly #operation: string;
  readonly #attached: Attached[] = [];

  constructor(object: LoadedObject<D>, folder: PinFolder, maps: readonly MapPlan[], operation: string) {
    this.#object = object;
    this.#folder = folder;
    this.#maps = maps;
    this.#operation = operation;
  }

  *run(places: Places): Flow<Adoption<D>> {
    const programs: readonly Program[] = Object.values(this.#object.programs);
    let plans: readonly LinkPlan[];
    try {
      yield* this.#pinReplaced();
      plans = yield* planLinks(programs, places, this.#folder);
      for (const plan of plans) if (isNew(plan)) this.#attached.push(yield* attachAnew(plan, this.#folder));
    } catch (error) {
      yield* this.#undo();
      throw error;
    }
    try {
      for (const plan of plans) if (plan.fate === 'updated') yield* update(plan, this.#folder);
      return yield* this.#concluded(plans);
    } catch (error) {
      this.#object.closeSync();
      throw error;
    }
  }

  *#pinReplaced(): Flow<void> {
    for (const { name, handle, fate } of this.#maps) {
      if (fate !== 'replaced') continue;
      const [status] = yield* job('mapPin', handle, this.#folder.next('maps', name));
      check(status as number, this.#operation);
    }
  }

  /** What waits in `next` goes when the folder is used again; what is in place already goes now. */
  *#undo(): Flow<void> {
    for (const { link, plan } of this.#attached) {
      if (plan.fate === 'created') unlinkSync(this.#folder.file('links', plan.name));
      yield* link.detachFlow();
    }
    for (const { name, fate } of this.#maps)
      if (fate === 'created') unlinkSync(this.#folder.file('maps', name));
    this.#object.closeSync();
  }

  *#concluded(plans: readonly LinkPlan[]): Flow<Adoption<D>> {
    const told = plans.map(
      plan => this.#attached.find(({ plan: { name } }) => name === plan.name)?.plan ?? plan,
    );
    const links: Record<string, Link> = {};
    this.#replaceMaps();
    for (const { link, plan } of this.#attached) {
      if (plan.fate === 'unpinned') links[plan.name] = link;
      else yield* leaveToPin(link);
      if (plan.fate === 'replaced') this.#folder.replace('links', plan.name);
    }
    const held = told.filter(({ fate }) => ['created', 'replaced', 'updated'].includes(fate));
    for (const { name } of held) links[name] = yield* openedLink(this.#folder, name);
    const removed = yield* this.#removeOthers(held);
    const report = [...this.#maps, ...told, ...removed, ...this.#kept()].map(plain);
    return { object: this.#object, links: links as Adoption<D>['links'], report };
  }

  #replaceMaps(): void {
    const maps: Readonly<Record<string, MapBase>> = this.#object.maps;
    for (const { name, fate } of this.#maps) {
      if (fate !== 'replaced') continue;
      this.#folder.replace('maps', name);
      maps[name]?.pinnedAt(this.#folder.file('maps', name));
    }
  }

  /** Links of programs that are attached no more, or are no more. */
  *#removeOthers(held: readonly LinkPlan[]): Flow<AdoptedPart[]> {
    const gone: AdoptedPart[] = [];
    const files = this.#folder.others(
      'links',
      held.map(({ name }) => name),
    );
    for (const name of files) {
      yield* remove(this.#folder, name);
      if (name in this.#object.programs) continue;
      gone.push({ kind: 'program', name, fate: 'removed', why: 'the object has no such program' });
    }
    return gone;
  }

  #kept(): AdoptedPart[] {
    const files = this.#folder.others(
      'maps',
      this.#maps.map(({ name }) => name),
    );
    const why = 'the object has no such map';
    return files.map(name => ({ kind: 'map', name, fate: 'kept', why }));
  }
}

function isNew({ fate }: LinkPlan): boolean {
  return fate === 'created' || fate === 'replaced';
}

/** Without what only this room needs. */
function plain({ kind, name, fate, why }: AdoptedPart): AdoptedPart {
  return { kind, name, fate, why };
}
