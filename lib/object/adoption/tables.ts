/**
 * struct_ops tables: a pinned link takes the next process's table, where the interface has an update
 * (bpf_struct_ops_map_link_update() in kernel/bpf/bpf_struct_ops.c).
 */
import { existsSync } from 'node:fs';
import { BpfError } from '../../errors/bpf-error.js';
import { StructOpsMap } from '../../map/struct-ops.js';
import type { Flow } from '../../native/flow.js';
import { native } from '../../native/native.js';
import { type Attached, attachAnew, infoOf, type LinkPlan, type Places, update } from './links.js';
import type { AdoptedPart } from './part.js';
import type { PinFolder } from './pin-folder.js';

/** Looks at each pinned link, and changes nothing. */
export function* planTables(
  maps: Readonly<Record<string, unknown>>,
  places: Places,
  folder: PinFolder,
): Flow<LinkPlan[]> {
  const plans: LinkPlan[] = [];
  for (const [name, map] of Object.entries(maps)) {
    if (!(map instanceof StructOpsMap)) continue;
    const [outcome, why] = yield* outcomeOf(map, places[name], folder.file('links', name));
    plans.push({
      kind: 'map',
      name,
      outcome,
      why,
      attach: () => map.attachFlow(),
      update: (handles, operation) => handles.updateMap(operation, map.structOpsHandle),
    });
  }
  return plans;
}

function* outcomeOf(
  map: StructOpsMap,
  given: object | false | undefined,
  path: string,
): Flow<[AdoptedPart['outcome'], string]> {
  const reason = reasonToSkip(map, given);
  if (!existsSync(path))
    return reason === undefined ? ['created', 'no link was pinned'] : ['skipped', reason];
  if (reason !== undefined) return ['removed', reason];
  const { type } = yield* infoOf(path);
  return type === 'struct_ops'
    ? ['updated', 'its link takes the new table']
    : ['replaced', `a link of kind ${type} was pinned`];
}

function reasonToSkip(map: StructOpsMap, given: object | false | undefined): string | undefined {
  if (native().mapAutocreate(map.structOpsHandle) !== 1) return 'its autocreate was off';
  if (given === false) return 'it is not to be attached';
  if (map.info.flags.includes('link')) return undefined;
  return 'without .link in its section there is no link to hand on: attach() it';
}

/**
 * Updates what is pinned. A table that its subsystem does not take in place of the old one is attached anew: by another
 * name, or because such tables are never exchanged.
 */
export function* updated(plan: LinkPlan, folder: PinFolder): Flow<Attached | undefined> {
  try {
    yield* update(plan, folder);
    return undefined;
  } catch (error) {
    if (plan.kind !== 'map' || !isRefusal(error)) throw error;
    const why = `the kernel does not exchange the tables: ${error.code}`;
    return yield* attachAnew({ ...plan, outcome: 'replaced', why }, folder);
  }
}

function isRefusal(error: unknown): error is BpfError {
  return error instanceof BpfError && ['EINVAL', 'EOPNOTSUPP', 'ENOTSUPP'].includes(error.code);
}
