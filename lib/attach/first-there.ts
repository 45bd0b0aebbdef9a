/** Several names for one target, as `foo` and `foo.isra.0`: the first that is there is taken. */

import { argumentError } from '../errors/arguments.js';
import { type AttachKind, type AttachKindName, attachKinds } from '../kinds/attach-kinds.js';
import { errnoName } from '../native/errno.js';
import type { Flow } from '../native/flow.js';
import type { LinkHandle, Outcome } from '../native/native.js';
import type { Attacher, Site } from './site.js';

/** What came of an attachment, and the name that options gave its target. */
export interface Attached {
  readonly outcomes: readonly Outcome<LinkHandle>[];
  readonly target?: string | undefined;
}

/** One name of a target, or several. */
export type Names = string | readonly string[];

/**
 * Attaches to the first of the names that is there; to the only one where there is one.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` for an empty list.
 */
export function* attachToFirst(
  kind: AttachKindName,
  attacher: Attacher<object>,
  site: Site,
  options: object,
): Flow<Attached> {
  const { oneOf = '' }: AttachKind = attachKinds[kind];
  const names = (options as Readonly<Record<string, Names | undefined>>)[oneOf];
  if (!Array.isArray(names)) return { outcomes: yield* attacher(site, options), target: names as string };
  let outcomes = yield* attacher(site, { ...options, [oneOf]: someName(names, site, oneOf) });
  for (const [index, target] of names.entries()) {
    if (index > 0) outcomes = yield* attacher(site, { ...options, [oneOf]: target });
    if (!isAbsent(outcomes)) return { outcomes, target };
  }
  return { outcomes };
}

function someName([first]: readonly string[], { operation }: Site, option: string): string {
  if (first !== undefined) return first;
  const reason = `${option} is a list without a name`;
  throw argumentError(operation, reason);
}

function isAbsent(outcomes: readonly Outcome<LinkHandle>[]): boolean {
  return outcomes.some(([result]) => typeof result === 'number' && errnoName(result) === 'ENOENT');
}

/** For messages: `no function foo`, `none of the functions foo, bar`. */
export function noneOf(what: string, names: Names): string {
  return typeof names === 'string' ? `no ${what} ${names}` : `none of the ${what}s ${names.join(', ')}`;
}
