/** `doctor()`: what lets BPF work here, and what does not. */
import { Elf } from '../btf/index.js';
import { type Features, featuresFlow } from '../features/features.js';
import { type Rights, rights } from '../host/capabilities.js';
import { delegationIn, type Mounts, mounts } from '../host/mounts.js';
import { type Settings, settings } from '../host/settings.js';
import { type Cpus, container, cpus } from '../host/surroundings.js';
import { type Flow, run, runSync } from '../native/flow.js';
import { checkObject } from '../object/screening.js';
import { type ObjectFile, readObject } from '../object/source.js';
import { type ObjectNeeds, objectNeeds } from './object-needs.js';
import { type Problem, problemsOf } from './problems.js';

/** What {@link doctor} finds. */
export interface DoctorReport {
  readonly rights: Rights;
  readonly settings: Settings;
  readonly mounts: Mounts;
  readonly cpus: Cpus;
  /** The kind of container, as far as it leaves marks. */
  readonly container: string | undefined;
  readonly features: Features;
  /** What the object needs, where one was given. */
  readonly object: ObjectNeeds | undefined;
  /** What stands in the way, the most general first; empty where all is well. */
  readonly problems: readonly Problem[];
}

/**
 * Looks at this process, the kernel and the machine: rights, settings, mounts, features; nothing is loaded but the
 * smallest programs, which are gone at once.
 *
 * @param object - a BPF object, whose needs are compared with what is here without loading it
 * @throws BpfError where the object cannot be read
 *
 * @example
 * ```ts
 * const { problems } = await doctor('execsnoop.bpf.o');
 * for (const { what, remedy } of problems) console.error(`${what}: ${remedy}`);
 * ```
 */
export function doctor(object?: ObjectFile): Promise<DoctorReport> {
  return run(examination(object));
}

/** {@link doctor} on this thread. */
export function doctorSync(object?: ObjectFile): DoctorReport {
  return runSync(examination(object));
}

function* examination(object: ObjectFile | undefined): Flow<DoctorReport> {
  const [mine, mounted] = [rights(), mounts()];
  const known = yield* featuresHere(mine, mounted);
  const found = {
    rights: mine,
    settings: settings(),
    mounts: mounted,
    cpus: cpus(),
    container: container(),
    features: known,
    object: object === undefined ? undefined : objectNeeds(elfOf(object), known),
  };
  return { ...found, problems: problemsOf(found) };
}

/** In a user namespace of its own, by the token that is to be had there; one that is refused tells nothing. */
function* featuresHere({ initialUserNamespace }: Rights, mounted: Mounts): Flow<Features> {
  const token = initialUserNamespace ? undefined : delegationIn(mounted);
  try {
    return yield* featuresFlow({ token });
  } catch {
    return yield* featuresFlow({});
  }
}

function elfOf(object: ObjectFile): Elf {
  const { bytes, subject } = readObject(object);
  checkObject(bytes, subject);
  return Elf.parse(bytes, subject);
}
