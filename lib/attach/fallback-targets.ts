/** Several names for one target, as `foo` and `foo.isra.0`: the first that is there is taken. */
import { argumentError } from '../errors/arguments.js';
import { errnoName, failed } from '../native/errno.js';
import type { Flow } from '../native/flow.js';
import type { AttachKind, AttachRequest, Outcomes } from './attach-kind.js';

/** What came of an attachment, and the name that options gave its target. */
export interface Attachment {
  readonly outcomes: Outcomes;
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
  attach: NonNullable<AttachKind['attach']>,
  request: AttachRequest,
  options: object,
): Flow<Attachment> {
  const { oneOf = '' } = request.kind;
  const names = (options as Readonly<Record<string, Names | undefined>>)[oneOf];
  if (!Array.isArray(names)) return { outcomes: yield* attach(request, options), target: names as string };
  let outcomes = yield* attach(request, { ...options, [oneOf]: firstOf(names, request, oneOf) });
  for (const [index, target] of names.entries()) {
    if (index > 0) outcomes = yield* attach(request, { ...options, [oneOf]: target });
    if (!isAbsent(outcomes)) return { outcomes, target };
  }
  return { outcomes };
}

function firstOf([first]: readonly string[], { operation }: AttachRequest, option: string): string {
  if (first !== undefined) return first;
  throw argumentError(operation, `${option} is a list without a name`);
}

function isAbsent(outcomes: Outcomes): boolean {
  return outcomes.some(([result]) => failed(result) && errnoName(result) === 'ENOENT');
}

/** For messages: `no function foo`, `none of the functions foo, bar`. */
export function noneOf(what: string, names: Names): string {
  return typeof names === 'string' ? `no ${what} ${names}` : `none of the ${what}s ${names.join(', ')}`;
}
