/** What became of one map or program when an object was adopted. */

/**
 * Of maps: `adopted` is the pinned one with its content, `created` was not there, `replaced` did not fit and is new,
 * `kept` is pinned and of this object no more, `unpinned` is this process's own. Of programs, and of struct_ops tables:
 * `updated` runs in the link that the old one had, without a gap; `created` is attached for the first time; `replaced` is
 * attached anew and the old one taken away after it; `removed` was attached and is no more; `unpinned` is attached for
 * as long as this process lives; `skipped` is not.
 */
export type Outcome =
  | 'adopted'
  | 'updated'
  | 'created'
  | 'replaced'
  | 'removed'
  | 'kept'
  | 'unpinned'
  | 'skipped';

/** One line of the report. */
export interface AdoptedPart {
  readonly kind: 'map' | 'program';
  /** As the object has it; of a section with its dot. */
  readonly name: string;
  readonly outcome: Outcome;
  readonly why: string;
}
