/** Options that name another program, map or link: opened for the length of the call, where they are not open. */
import { argumentError, shown } from '../errors/arguments.js';
import { BpfError } from '../errors/bpf-error.js';
import type { Flow } from '../native/flow.js';
import { type Borrowed, borrow, linkOpening, mapOpening, programOpening } from '../native/openings.js';
import type { KernelPlace } from '../native/place.js';
import type { AttachKind } from './attach-kind.js';

/** What an option of a row names. */
export type PlaceKind = 'program' | 'map' | 'anchor';

const openings = { program: programOpening, map: mapOpening, link: linkOpening } as const;

/** Hands on the options with a descriptor in the place of each program, map or link that they name. */
export function* withPlaces<T>(
  { places = {} }: AttachKind,
  operation: string,
  options: object,
  use: (options: object) => Flow<T>,
): Flow<T> {
  const borrowed: Borrowed[] = [];
  const resolved: Record<string, unknown> = { ...options };
  try {
    for (const [name, kind] of Object.entries(places)) {
      const given = resolved[name];
      if (given === undefined) continue;
      const option = { operation, name, borrowed };
      resolved[name] = yield* kind === 'anchor'
        ? anchorAt(given, option)
        : placeAt(given as KernelPlace, kind, option);
    }
    return yield* use(resolved);
  } finally {
    for (const each of borrowed) yield* each.end();
  }
}

/** One option, and where what is opened for it waits for its end. */
interface Option {
  readonly operation: string;
  readonly name: string;
  readonly borrowed: Borrowed[];
}

function* placeAt(
  place: KernelPlace,
  what: keyof typeof openings,
  option: Option,
): Flow<{ readonly fd: number }> {
  try {
    const found = yield* borrow<never>(place, openings[what] as never);
    option.borrowed.push(found);
    return found;
  } catch (cause) {
    throw notOpened(cause, option);
  }
}

/** Anchors may be ids too (`BPF_F_ID`: bpf_mprog_tuple_relative() in kernel/bpf/mprog.c). */
function* anchorAt(given: unknown, option: Option): Flow<unknown> {
  if (given === 'all') return given;
  const [[what, place] = [], ...rest] = Object.entries(Object(given));
  if (rest.length > 0 || (what !== 'program' && what !== 'link')) {
    const reason = `${option.name} takes 'all', { program } or { link }, not ${shown(given)}`;
    throw argumentError(option.operation, reason);
  }
  const isNumber = typeof place === 'object' && place !== null && 'id' in place && !('fd' in place);
  return { [what]: isNumber ? place : yield* placeAt(place as KernelPlace, what, option) };
}

function notOpened(cause: unknown, { operation, name }: Option): unknown {
  if (!(cause instanceof BpfError)) return cause;
  const { code, errno } = cause;
  const reason = `what ${name} names cannot be opened: ${cause.message}`;
  return new BpfError({ code, errno, operation, reason, cause });
}
