/** Tries of prefixes in memory. */
import type { Status } from '../native/native.js';
import { StandInHash } from './hash.js';
import type { Entry } from './map.js';
import { refusals } from './status.js';

/** Looks up the longest prefix; keys are `struct bpf_lpm_trie_key`: a length in bits, and the address. */
export class StandInLpm extends StandInHash {
  override update(key: Uint8Array, value: Uint8Array, flags: number): Status {
    const bits = bitsOf(key);
    return bits > (key.length - 4) * 8 ? refusals.EINVAL : super.update(cut(key, bits), value, flags);
  }

  override remove(key: Uint8Array): Status {
    return super.remove(cut(key, bitsOf(key)));
  }

  protected override find(key: Uint8Array): Entry | undefined {
    for (let bits = bitsOf(key); bits >= 0; bits--) {
      const entry = super.find(cut(key, bits));
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  protected override get full(): Status {
    return refusals.ENOSPC;
  }
}

function bitsOf(key: Uint8Array): number {
  return new Uint32Array(key.slice(0, 4).buffer)[0] ?? 0;
}

/** The prefix of so many bits: those behind it count for nothing. */
function cut(key: Uint8Array, bits: number): Uint8Array {
  const prefix = key.slice();
  prefix.set(new Uint8Array(new Uint32Array([bits]).buffer));
  for (let at = 4; at < prefix.length; at++) {
    const kept = Math.min(Math.max(bits - (at - 4) * 8, 0), 8);
    prefix[at] = (prefix[at] ?? 0) & (0xff00 >> kept);
  }
  return prefix;
}
