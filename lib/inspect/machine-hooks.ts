/** Hooks that belong to no cgroup and no interface: those of sockmaps, and netfilter, which its links tell of. */

import { type HookProgram, listedHook, nameOf } from '../attach/hook-query.js';
import { sockmap } from '../attach/sockmap.js';
import type { LinkInfo } from '../link/link-info.js';
import { links } from '../link/links.js';
import { openMap } from '../map/open.js';
import { run } from '../native/flow.js';
import { ownNetns } from '../native/interfaces.js';
import { maps } from './maps.js';
import { isCode, kept, type OccupiedHook } from './occupied.js';

/**
 * Both, which listing maps and links finds; none without CAP_SYS_ADMIN (bpf_obj_get_next_id() in
 * kernel/bpf/syscall.c).
 */
export async function* machineHooks(): AsyncGenerator<OccupiedHook, void, undefined> {
  try {
    for await (const { id, kind } of maps())
      if (kind === 'sockmap' || kind === 'sockhash') yield* await ofSockmap(id);
    yield* await ofNetfilter();
  } catch (error) {
    if (!isCode(error, 'EPERM')) throw error;
  }
}

async function ofSockmap(mapId: number): Promise<OccupiedHook[]> {
  const found: OccupiedHook[] = [];
  try {
    await using map = await openMap({ id: mapId });
    for (const section of sockmap.sections) {
      const subject = { operation: `query ${section}`, section };
      const asked = listedHook(subject, { netns: ownNetns, target: map.fd });
      found.push(...(await run(kept(section, { mapId }, asked))));
    }
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
  return found;
}

type Netfilter = Extract<LinkInfo, { readonly type: 'netfilter' }>;

async function ofNetfilter(): Promise<OccupiedHook[]> {
  const found = new Map<string, Netfilter[]>();
  for await (const link of links()) {
    if (link.type !== 'netfilter') continue;
    const place = `${link.family} ${link.hook}`;
    found.set(place, [...(found.get(place) ?? []), link]);
  }
  return Promise.all(Array.from(found.values(), occupiedBy));
}

async function occupiedBy(all: readonly Netfilter[]): Promise<OccupiedHook> {
  const ordered = [...all].sort((one, other) => one.priority - other.priority);
  const programs: HookProgram[] = [];
  for (const { id, programId, priority } of ordered)
    programs.push({ programId, name: await run(nameOf(programId)), linkId: id, priority });
  const [{ family, hook }] = ordered as [Netfilter, ...Netfilter[]];
  return { section: 'netfilter', place: { family, hook }, programs };
}
