/** Two profiles side by side. */
import { argumentError } from '../errors/arguments.js';
import { type FlameGraphOptions, flameGraph } from './flame-graph.js';
import { flameTree } from './flame-tree.js';
import { foldedSums } from './folded.js';
import { Profile } from './profile.js';

/** What changed from one profile to another. */
export class ProfileDifference {
  readonly before: Profile;
  readonly after: Profile;

  private constructor(before: Profile, after: Profile) {
    this.before = before;
    this.after = after;
  }

  /** @internal */
  static of(before: Profile, after: Profile): ProfileDifference {
    for (const given of [before, after])
      if (!(given instanceof Profile)) throw argumentError('compare profiles', 'give two profiles');
    if (before.unit !== after.unit) {
      const reason = `one counts ${before.unit}, the other ${after.unit}`;
      throw argumentError('compare profiles', reason);
    }
    return new ProfileDifference(before, after);
  }

  /** A line for each stack with both values: `node;main;work 12 30`, as difffolded.pl writes them. */
  folded(): string {
    const [before, after] = [foldedSums(this.before.stacks), foldedSums(this.after.stacks)];
    const lines = new Set([...before.keys(), ...after.keys()]);
    return [...lines].map(line => `${line} ${before.get(line) ?? 0} ${after.get(line) ?? 0}\n`).join('');
  }

  /**
   * The flame graph of the second profile: what has a larger share of it than of the first is red, what has a smaller one
   * blue. Each frame tells by how many points.
   *
   * @throws BpfError `ERR_BPF_ARGUMENT` where an option cannot be meant.
   */
  flameGraph(options: FlameGraphOptions = {}): string {
    const tree = flameTree(this.after.stacks, this.before.stacks);
    return flameGraph(tree, this.after.unit, { title: 'Difference of two profiles', ...options });
  }
}

/**
 * Compares two profiles of the same unit, by shares: they need not be of the same length.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` where they count different things.
 * @example
 * ```ts
 * const before = await profile({ pid: process.pid, for: 1_000 });
 * const after = await profile({ pid: process.pid, for: 1_000 });
 * writeFileSync('difference.svg', compareProfiles(before, after).flameGraph());
 * ```
 */
export function compareProfiles(before: Profile, after: Profile): ProfileDifference {
  return ProfileDifference.of(before, after);
}
