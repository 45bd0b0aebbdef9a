/** Maps in memory, with a map's manners towards the calls that the live classes make. */
import { type MapFace, type MapKindName, mapKinds } from '../kinds/map-kinds.js';
import type { Status } from '../native/native.js';
import { StandInHandle } from './front.js';
import { refusals } from './status.js';

/** What a map is made of. */
export interface MapPlan {
  readonly name: string;
  readonly kind: MapKindName;
  readonly keySize: number;
  /** On one CPU. */
  readonly valueSize: number;
  /** Of all CPUs. */
  readonly entrySize: number;
  readonly maxEntries: number;
  readonly flags: number;
}

/** One entry as bytes. */
export type Entry = readonly [key: Uint8Array, value: Uint8Array];

/** A map without elements of its own; others say which calls they take. */
export class StandInMap extends StandInHandle {
  readonly plan: MapPlan;

  constructor(plan: MapPlan) {
    super();
    this.plan = plan;
  }

  get subject(): string {
    return `map ${this.plan.name}`;
  }

  get type(): number {
    return mapKinds[this.plan.kind].type;
  }

  get face(): MapFace {
    return mapKinds[this.plan.kind].face;
  }

  lookup(_key: Uint8Array, _value: Uint8Array, _flags: number): Status {
    return refusals.EOPNOTSUPP;
  }

  update(_key: Uint8Array, _value: Uint8Array, _flags: number): Status {
    return refusals.EOPNOTSUPP;
  }

  remove(_key: Uint8Array): Status {
    return refusals.EOPNOTSUPP;
  }

  /** Looks up, and deletes. */
  take(key: Uint8Array, value: Uint8Array, flags: number): Status {
    const status = this.lookup(key, value, flags);
    return status === 0 ? this.remove(key) : status;
  }

  next(_key: Uint8Array | null, _next: Uint8Array): Status {
    return refusals.EOPNOTSUPP;
  }

  /** All entries now. */
  entries(): readonly Entry[] {
    return [];
  }
}

/** `BPF_NOEXIST`, `BPF_EXIST`; `BPF_F_LOCK` is true of every call here. */
const flags = { noexist: 1, exist: 2, all: 7 } as const;

/** Why an update with these flags is refused; undefined where it is not. */
export function refusedFlags(given: number, exists: boolean): Status | undefined {
  if (given > flags.all) return refusals.EINVAL;
  if ((given & flags.noexist) !== 0 && exists) return refusals.EEXIST;
  if ((given & flags.exist) !== 0 && !exists) return refusals.ENOENT;
  return undefined;
}
