/** Maps that are there and maps that an object wants: which fit, which are made, which are in the way. */
import type { Codec } from '../../codec/index.js';
import { BpfError } from '../../errors/bpf-error.js';
import type { Description } from '../../gen/description.js';
import { type MapFace, mapKindName, mapKinds } from '../../kinds/map-kinds.js';
import { infoOf } from '../../map/info.js';
import { describedLike, typesOf } from '../../map/open.js';
import { propertiesOf } from '../../map/properties.js';
import { unlike } from '../../map/unlike.js';
import { pinError } from '../../native/bpffs.js';
import { check, errnoName, failed } from '../../native/errno.js';
import { type Flow, job } from '../../native/flow.js';
import { type MapHandle, native } from '../../native/native.js';
import type { Contents } from '../contents.js';
import type { AdoptedPart } from './part.js';
import type { PinFolder } from './pin-folder.js';
import { typeDifferences, variablesIn } from './type-differences.js';

/** Pointers in an arena are addresses of the process that mapped it first. */
const unpinned = { outcome: 'unpinned', why: 'an arena lies at an address of one process' } as const;

/** A map of the object, and what its values are. */
interface Wanted {
  readonly name: string;
  readonly handle: MapHandle;
  readonly key?: Codec<unknown> | undefined;
  readonly value?: Codec<unknown> | undefined;
  /** A section's variables are its value. */
  readonly isSection: boolean;
}

/** What is to become of one map. */
export interface MapPlan extends AdoptedPart {
  readonly handle: MapHandle;
}

/**
 * Looks at each pinned map, and changes nothing.
 *
 * @param replace - names of maps that may be made anew where they do not fit
 * @throws BpfError `ERR_BPF_MAP` with every difference of every map that does not fit
 */
export function* planMaps(
  operation: string,
  parts: { readonly contents: Contents; readonly description: Description },
  folder: PinFolder,
  replace: readonly string[],
): Flow<MapPlan[]> {
  const plans: MapPlan[] = [];
  const misfits: string[] = [];
  for (const map of wantedOf(parts.contents, parts.description)) {
    if (faceOf(map.handle) === 'arena') {
      plans.push({ kind: 'map', name: map.name, handle: map.handle, ...unpinned });
      continue;
    }
    const found = yield* foundFor(map, folder.file('maps', map.name), operation);
    const plan = planOf(map, found, replace);
    if (plan === undefined) misfits.push(`${map.name}: ${found?.join('; ')}`);
    else plans.push(plan);
  }
  if (misfits.length > 0) throw unfit(operation, folder, misfits);
  return plans;
}

/** Tables are made anew by each process; it is their links that are handed on. */
const table: MapFace = 'struct-ops';

/** Constants and options belong to one load too; all else may be handed on. */
function wantedOf({ maps, sections }: Contents, { maps: described, globals }: Description): Wanted[] {
  const declared = Array.from(maps, ([name, handle]) => {
    return { name, handle, key: described[name]?.key, value: described[name]?.value, isSection: false };
  });
  const variables = Array.from(sections).filter(([section]) => /^(data|bss)(\.|$)/.test(section));
  const hidden = variables.map(([section, handle]) => {
    return { name: `.${section}`, handle, value: globals[section], isSection: true };
  });
  return [...declared, ...hidden].filter(
    ({ handle }) => native().mapAutocreate(handle) === 1 && faceOf(handle) !== table,
  );
}

/** Undefined where nothing is pinned; otherwise what is different. */
function* foundFor(map: Wanted, path: string, operation: string): Flow<string[] | undefined> {
  const [there] = yield* job('mapOpenPinned', path, 0);
  if (failed(there)) {
    if (errnoName(there) === 'ENOENT') return undefined;
    throw pinError(there, operation, path);
  }
  try {
    const sizes = unlike(infoOf(there), propertiesOf(map.handle));
    return sizes.length > 0 ? sizes : yield* otherTypes(map, there);
  } finally {
    yield* job('mapClose', there);
  }
}

/** Types can be compared where this process may open them (bpf_btf_get_fd_by_id() in kernel/bpf/syscall.c). */
function* otherTypes(map: Wanted, there: MapHandle): Flow<string[]> {
  const info = infoOf(there);
  const btf = yield* typesOf(info);
  if (btf === undefined) return [];
  if (map.isSection) {
    const variables = variablesIn(btf, info.valueTypeId);
    return variables && map.value ? typeDifferences('', variables, map.value) : [];
  }
  const found = describedLike(info, btf);
  return (['key', 'value'] as const).flatMap(part => {
    const [theirs, ours] = [found[part], map[part]];
    return theirs && ours && ours.size === theirs.size ? typeDifferences(part, theirs, ours) : [];
  });
}

/** Undefined for a map that is in the way. */
function planOf(
  { name, handle }: Wanted,
  differences: readonly string[] | undefined,
  replace: readonly string[],
): MapPlan | undefined {
  const plan = (outcome: AdoptedPart['outcome'], why: string): MapPlan => ({
    kind: 'map',
    name,
    handle,
    outcome,
    why,
  });
  if (differences === undefined) return plan('created', 'nothing was pinned');
  // Those in it jump to the old programs, which go on with it until their links are updated.
  if (faceOf(handle) === 'programs') return plan('replaced', 'it holds programs of the process before');
  if (differences.length === 0) return plan('adopted', 'it fits');
  return replace.includes(name) ? plan('replaced', differences.join('; ')) : undefined;
}

function faceOf(handle: MapHandle): MapFace {
  return mapKinds[mapKindName(native().mapType(handle)) ?? 'unspec'].face;
}

/** Has `load()` take or pin what is at its place, or leave it alone. */
export function settleMap({ name, handle, outcome }: MapPlan, folder: PinFolder, operation: string): void {
  const path = outcome === 'replaced' || outcome === 'unpinned' ? null : folder.file('maps', name);
  check(native().mapSetPinPath(handle, path), operation);
}

function unfit(operation: string, folder: PinFolder, misfits: readonly string[]): BpfError {
  return new BpfError({
    code: 'ERR_BPF_MAP',
    operation,
    reason: `maps pinned in ${folder.path} are others: ${misfits.join(' | ')}`,
    hint: 'nothing was changed; replace: [NAME] makes a map anew, and its content is lost then',
  });
}
