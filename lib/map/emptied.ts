/**
 * Arrays of programs that the kernel will empty while a pinned link still jumps through them: the caller should know
 * (prog_array_map_clear() in kernel/bpf/arraymap.c).
 */
import { escapeLine } from '../errors/escape.js';
import type { ObjectState } from '../native/owner.js';

/** What can be lost. */
interface Jumps {
  readonly name: string;
  readonly closed: boolean;
  readonly pinPath: string | undefined;
  /** True when a place holds a program; answers also while its object closes. */
  readonly populated: boolean;
}

const watched = new Set<WeakRef<Jumps>>();
const states = new WeakMap<Jumps, ObjectState>();
let listening = false;

/** Warns when the object of an array closes, or the process ends, while the array is all that keeps its programs. */
export function watchForEmptying(array: Jumps, state: ObjectState): void {
  if (!listening) process.once('exit', atExit);
  listening = true;
  for (const other of watched) if (other.deref() === undefined) watched.delete(other);
  watched.add(new WeakRef(array));
  states.set(array, state);
  state.adopt({
    get closed() {
      return array.closed;
    },
    closeSync() {
      if (isLost(array, state)) process.emitWarning(warning(array.name, state.name));
    },
  });
}

/** At this point a warning is heard only when it is emitted at once. */
function atExit(): void {
  for (const reference of watched) {
    const array = reference.deref();
    const state = array && states.get(array);
    if (array && state && !array.closed && isLost(array, state))
      process.emit('warning', warning(array.name, state.name));
  }
}

function isLost(array: Jumps, state: ObjectState): boolean {
  return state.pinned && array.pinPath === undefined && array.populated;
}

function warning(name: string, object: string): Error {
  const text = `prog array ${escapeLine(name)} of ${escapeLine(object)} is not pinned but a link is: the kernel empties it now, and tail calls of the pinned link will fail`;
  return Object.assign(new Error(`${text} (pin the array too)`), {
    name: 'Warning',
    code: 'LIBBPF_TS_EMPTIED_PROG_ARRAY',
  });
}
