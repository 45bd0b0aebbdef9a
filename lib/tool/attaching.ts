/** What a tool attaches: its object's programs, then those that follow a command's processes. */
import type { Link } from '../index.js';
import type { TracingObject, TracingOptions } from './tracing.js';

/** The programs of `FILTER_TASKS()` that know the tree of a command. */
export interface TreePrograms {
  readonly filter_forked?: AttachedByName;
  readonly filter_exited?: AttachedByName;
}

interface AttachedByName {
  attach(options: object): Promise<Link>;
}

/**
 * The tree's programs come last: what looks at the end of a process still finds it in the tree.
 *
 * @param before - what is attached already
 */
export async function attachTracing(
  object: TracingObject,
  { attach }: TracingOptions,
  before: readonly Link[],
  { filter_forked, filter_exited }: TreePrograms,
): Promise<Link[]> {
  const { links } = await object.attach(attach);
  const attached: Link[] = [...before, ...(Object.values(links) as Link[])];
  if (filter_forked) attached.push(await filter_forked.attach({ name: 'sched_process_fork' }));
  if (filter_exited) attached.push(await filter_exited.attach({ name: 'sched_process_exit' }));
  return attached;
}

/** Ends all of them, in the order in which they came. */
export async function detach(links: readonly Link[]): Promise<void> {
  for (const link of links) await link.detach();
}
