/** Links that are pinned, and programs and tables that want to be in them: which link takes the new program, which is made anew. */
import { existsSync, unlinkSync } from 'node:fs';
import { attachesBySection } from '../../attach/attach-kind.js';
import { BpfError } from '../../errors/bpf-error.js';
import { Link } from '../../link/link.js';
import { LinkHandles } from '../../link/link-handles.js';
import type { LinkInfo } from '../../link/link-info.js';
import { type Flow, job } from '../../native/flow.js';
import { linkOpening } from '../../native/openings.js';
import { ObjectState } from '../../native/owner.js';
import { openAt } from '../../native/place.js';
import type { Program } from '../../program/program.js';
import type { AdoptedPart } from './part.js';
import type { PinFolder } from './pin-folder.js';
import { obstacleTo } from './place.js';

/** Where each program attaches, by name; `false`: not at all. */
export type Places = Readonly<Record<string, object | false | undefined>>;

/** What is to become of one link, of a program or of a struct_ops table. */
export interface LinkPlan extends AdoptedPart {
  readonly attach: () => Flow<Link>;
  /** Puts what is new into the link that is pinned. */
  readonly update: (handles: LinkHandles, operation: string) => Flow<void>;
}

/** Looks at each pinned link, and changes nothing. */
export function* planLinks(
  programs: readonly Program[],
  places: Places,
  folder: PinFolder,
): Flow<LinkPlan[]> {
  const plans: LinkPlan[] = [];
  for (const program of programs) {
    const given = places[program.name];
    const options = given === false ? undefined : given;
    const [outcome, why] = yield* outcomeOf(program, given, folder.file('links', program.name));
    plans.push({
      kind: 'program',
      name: program.name,
      outcome,
      why,
      attach: () => program.attachFlow(options),
      update: (handles, operation) => handles.update(operation, program.nativeHandle),
    });
  }
  return plans;
}

function* outcomeOf(
  program: Program,
  given: object | false | undefined,
  path: string,
): Flow<[AdoptedPart['outcome'], string]> {
  const reason = reasonToSkip(program, given);
  if (!existsSync(path))
    return reason === undefined ? ['created', 'no link was pinned'] : ['skipped', reason];
  if (reason !== undefined && !program.loaded) return ['removed', reason];
  if (given === false) return ['removed', 'it is not to be attached'];
  const obstacle = yield* obstacleTo(yield* infoOf(path), program, given);
  return obstacle === undefined ? ['updated', 'its link takes the new program'] : ['replaced', obstacle];
}

/** The `info` of a pinned link. */
export function* infoOf(path: string): Flow<LinkInfo> {
  const handles = new LinkHandles([yield* openAt(path, linkOpening)]);
  const info = handles.info(`describe link ${path}`);
  yield* handles.destroy(`close link ${path}`);
  return info;
}

function reasonToSkip(program: Program, given: object | false | undefined): string | undefined {
  if (!program.loaded) return program.leftOut ?? 'its autoload was off';
  if (given === false) return 'it is not to be attached';
  if (given !== undefined || attachesBySection(program.kind, program.section)) return undefined;
  return `section ${program.section} does not say where to attach`;
}

/** What was attached anew, and how that is to be told. */
export interface Attached {
  readonly link: Link;
  readonly plan: LinkPlan;
}

/**
 * Attaches; pins what is new, too. What replaces a pinned one is not pinned before that goes ({@link supersede}): it ends
 * with a process that is killed meanwhile. What is in the way of a second one is taken away before, and the report says so.
 */
export function* attachAnew(plan: LinkPlan, folder: PinFolder): Flow<Attached> {
  const { outcome, name } = plan;
  if (outcome === 'created') return yield* pinned(yield* plan.attach(), plan, folder.file('links', name));
  try {
    return { link: yield* plan.attach(), plan };
  } catch (error) {
    if (!(error instanceof BpfError) || !['EBUSY', 'EEXIST'].includes(error.code)) throw error;
    yield* remove(folder, name);
    const why = `${plan.why}; its place is for one, so the old one was taken away before: there was a gap`;
    return { link: yield* plan.attach(), plan: { ...plan, why } };
  }
}

function* pinned(link: Link, plan: LinkPlan, path: string): Flow<Attached> {
  try {
    yield* link.pinFlow(path);
    return { link, plan };
  } catch (error) {
    const hasNone = error instanceof BpfError && ['EOPNOTSUPP', 'ERR_BPF_ARGUMENT'].includes(error.code);
    if (hasNone) return { link, plan: { ...plan, outcome: 'unpinned', why: error.message } };
    yield* link.detachFlow();
    throw error;
  }
}

/** Puts what is new into the pinned link. */
export function* update({ name, ...plan }: LinkPlan, folder: PinFolder): Flow<void> {
  const path = folder.file('links', name);
  const handles = new LinkHandles([yield* openAt(path, linkOpening)]);
  try {
    yield* plan.update(handles, `update the link pinned to ${path} to ${name}`);
  } finally {
    yield* handles.destroy(`close link ${path}`);
  }
}

/**
 * Pins a link in the place of the one that was there, and ends that, where its kind can be ended at once. The old file
 * goes first, while this process holds both links: of one that is killed at any moment at most one of them stays.
 */
export function* supersede({ link, plan }: Attached, folder: PinFolder): Flow<Attached> {
  const path = folder.file('links', plan.name);
  const handle = existsSync(path) ? yield* openAt(path, linkOpening) : undefined;
  if (handle === undefined) return yield* pinned(link, plan, path);
  const old = new LinkHandles([handle]);
  unlinkSync(path);
  let settled: Attached;
  try {
    settled = yield* pinned(link, plan, path);
  } catch (error) {
    yield* job('linkPin', handle, path);
    yield* old.destroy(`close the former link of ${plan.name}`);
    throw error;
  }
  yield* old.detach(`detach the former link of ${plan.name}`, true);
  yield* old.destroy(`close the former link of ${plan.name}`);
  return settled;
}

/** Detaches, also while others hold the link, and removes the file. */
export function* remove(folder: PinFolder, name: string): Flow<void> {
  const handle = yield* openAt(folder.file('links', name), linkOpening);
  const handles = new LinkHandles([handle]);
  yield* handles.detach(`detach ${name}`, true);
  yield* job('linkUnpin', handle);
  yield* handles.destroy(`close link of ${name}`);
}

/** The link behind a file, as `openLink()` has it. */
export function* opened(folder: PinFolder, name: string): Flow<Link> {
  const path = folder.file('links', name);
  return new Link([yield* openAt(path, linkOpening)], new ObjectState(path), name, { pinPath: path });
}
