/** The steps after load: what is new is pinned and attached, then links are updated, then what is old goes. */
import { unlinkSync } from 'node:fs';
import type { Description } from '../../gen/description.js';
import type { Link } from '../../link/link.js';
import type { MapBase } from '../../map/map-state.js';
import { check } from '../../native/errno.js';
import { type Flow, job } from '../../native/flow.js';
import type { Program } from '../../program/program.js';
import type { LoadedObject } from '../loaded-object.js';
import type { Adoption } from './adoption.js';
import {
  type Attached,
  attachAnew,
  type LinkPlan,
  opened,
  type Places,
  planLinks,
  remove,
  supersede,
} from './links.js';
import type { MapPlan } from './maps.js';
import type { AdoptedPart } from './part.js';
import type { PinFolder } from './pin-folder.js';
import { planTables, updated } from './tables.js';

/** One taking over, of an object that is loaded. */
export class Succession<D extends Description> {
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
      plans = [
        ...(yield* planLinks(programs, places, this.#folder)),
        ...(yield* planTables(this.#object.maps, places, this.#folder)),
      ];
      for (const plan of plans) if (isNew(plan)) this.#attached.push(yield* attachAnew(plan, this.#folder));
    } catch (error) {
      yield* this.#undo();
      throw error;
    }
    try {
      for (const plan of plans) {
        const anew = plan.outcome === 'updated' ? yield* updated(plan, this.#folder) : undefined;
        if (anew !== undefined) this.#attached.push(anew);
      }
      return yield* this.#concluded(plans);
    } catch (error) {
      this.#object.closeSync();
      throw error;
    }
  }

  *#pinReplaced(): Flow<void> {
    for (const { name, handle, outcome } of this.#maps) {
      if (outcome !== 'replaced') continue;
      const [status] = yield* job('mapPin', handle, this.#folder.next('maps', name));
      check(status, this.#operation);
    }
  }

  /** What waits in `next` goes when the folder is used again; what is in place already goes now. */
  *#undo(): Flow<void> {
    for (const { link, plan } of this.#attached) {
      if (plan.outcome === 'created') unlinkSync(this.#folder.file('links', plan.name));
      yield* link.detachFlow();
    }
    for (const { name, outcome } of this.#maps)
      if (outcome === 'created') unlinkSync(this.#folder.file('maps', name));
    this.#object.closeSync();
  }

  *#concluded(plans: readonly LinkPlan[]): Flow<Adoption<D>> {
    const links: Record<string, Link> = {};
    this.#replaceMaps();
    const settled: LinkPlan[] = [];
    for (const attached of this.#attached) {
      const isReplaced = attached.plan.outcome === 'replaced';
      const { link, plan } = isReplaced ? yield* supersede(attached, this.#folder) : attached;
      settled.push(plan);
      if (plan.outcome === 'unpinned') links[plan.name] = link;
      else yield* link.detachFlow();
    }
    const told = plans.map(plan => settled.find(({ name }) => name === plan.name) ?? plan);
    const held = told.filter(({ outcome }) => ['created', 'replaced', 'updated'].includes(outcome));
    for (const { name } of held) links[name] = yield* opened(this.#folder, name);
    const removed = yield* this.#removeOthers(held);
    const report = [...this.#maps, ...told, ...removed, ...this.#kept()].map(plain);
    return { object: this.#object, links: links as Adoption<D>['links'], report };
  }

  #replaceMaps(): void {
    const maps: Readonly<Record<string, MapBase>> = this.#object.maps;
    for (const { name, outcome } of this.#maps) {
      if (outcome !== 'replaced') continue;
      this.#folder.replace('maps', name);
      maps[name]?.pinnedAt(this.#folder.file('maps', name));
    }
  }

  /** Links of programs and tables that are attached no more, or are no more. */
  *#removeOthers(held: readonly LinkPlan[]): Flow<AdoptedPart[]> {
    const gone: AdoptedPart[] = [];
    const files = this.#folder.others(
      'links',
      held.map(({ name }) => name),
    );
    for (const name of files) {
      yield* remove(this.#folder, name);
      if (name in this.#object.programs || name in this.#object.maps) continue;
      gone.push({ kind: 'program', name, outcome: 'removed', why: 'the object has nothing of that name' });
    }
    return gone;
  }

  #kept(): AdoptedPart[] {
    const files = this.#folder.others(
      'maps',
      this.#maps.map(({ name }) => name),
    );
    const why = 'the object has no such map';
    return files.map(name => ({ kind: 'map', name, outcome: 'kept', why }));
  }
}

function isNew({ outcome }: LinkPlan): boolean {
  return outcome === 'created' || outcome === 'replaced';
}

/** Without what only this room needs. */
function plain({ kind, name, outcome, why }: AdoptedPart): AdoptedPart {
  return { kind, name, outcome, why };
}
