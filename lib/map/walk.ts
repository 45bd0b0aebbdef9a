/** From key to key. A walk ends whatever writers do meanwhile, and tells when they threw it back. */
import { requireOptions } from '../errors/arguments.js';
import { BpfError } from '../errors/bpf-error.js';

/** How far a walk goes on when its current key is deleted by others, which throws it back to the start. */
export interface WalkOptions {
  /** How often it may start over; 100 by default. More is an error `ERR_BPF_BUSY`. */
  readonly restarts?: number;
}

/** What a walk that ended has to tell: the return value of its generator. */
export interface Walk {
  readonly keys: number;
  /** Where it is 0, every key that stayed was met exactly once; else at least what came before a restart, once. */
  readonly restarts: number;
}

/**
 * Each key at most once. The next key is looked up before the current one is handed out, so that its receiver may
 * delete it.
 *
 * @param next - the key behind another; the first key for null
 * @throws BpfError `ERR_BPF_BUSY` when it was thrown back too often
 */
export function* walk(
  next: (key: Uint8Array | null) => Uint8Array | undefined,
  name: string,
  maxEntries: number,
  options: WalkOptions = {},
): Generator<Uint8Array, Walk, undefined> {
  requireOptions(`walk map ${name}`, options, ['restarts']);
  const { restarts: most = 100 } = options;
  const seen = new Set<string>();
  let restarts = 0;
  let again = 0;
  let key = next(null);
  while (key !== undefined) {
    const text = Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1');
    const following: Uint8Array | undefined = next(key);
    if (seen.has(text)) {
      if (again === 0) restarts++;
      // Passing what was met already may take as long as there are entries; more is another restart.
      again = again >= maxEntries ? 0 : again + 1;
      if (restarts > most) throw aborted(name, restarts, seen.size);
    } else {
      // Where all keys are others than before, a restart cannot be seen.
      if (seen.size >= maxEntries * (restarts + 2)) throw aborted(name, restarts, seen.size);
      seen.add(text);
      again = 0;
      yield key;
    }
    key = following;
  }
  return { keys: seen.size, restarts };
}

function aborted(name: string, restarts: number, keys: number): BpfError {
  const reason = `writers threw it back to the start ${restarts} times; ${keys} keys were met`;
  const hint = 'walk again, allow more restarts, or take a snapshot()';
  return new BpfError({ code: 'ERR_BPF_BUSY', operation: `walk map ${name}`, reason, hint });
}
