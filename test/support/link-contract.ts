/** What every kind of link must do: tell of itself, be pinned and opened again, detach in any order. */
import type { Link } from 'libbpf-ts';
import { Link as LinkClass } from 'libbpf-ts';
import { expect } from 'vitest';
import { BpfFileSystem } from './bpffs.js';
import { bpftool, untilGone } from './child.js';

/** What a contract is tried on. */
export interface Attached {
  /** Attached, and nothing else of its object. */
  readonly link: Link;
  /** libbpf's word for the kind. */
  readonly type: string;
  /** `enum bpf_link_type`, for kinds that a bpftool may be too old to name. */
  readonly number?: number;
  /** The attached program's number. */
  readonly programId: number;
  /** Has an effect if and only if the program is attached, and tells whether it had. */
  readonly works: () => Promise<boolean> | boolean;
  /** Kinds that the kernel cannot pin say so. */
  readonly pins?: boolean;
}

/** Ends with the link detached. */
export async function linkContract(attached: Attached): Promise<void> {
  const { link, works, pins = true } = attached;
  expect(await works(), 'attached').toBe(true);
  const { id } = describedAlike(attached);
  if (pins) await outlives(link, works);
  await link.detach();
  await link.detach();
  expect(await works(), 'detached').toBe(false);
  expect(() => link.info).toThrow(expect.objectContaining({ code: 'ERR_BPF_CLOSED' }));
  await untilGone('link', id);
}

/** Our description is bpftool's. */
function describedAlike({ link, type, number, programId }: Attached) {
  const { info } = link;
  expect(info).toMatchObject({ type, programId });
  const told = bpftool('link', 'show', 'id', String(info.id)) as { type: string | number };
  expect(told).toMatchObject({ id: info.id, prog_id: programId });
  expect([type, number]).toContain(told.type);
  return info;
}

/** A pinned link is the same link in another process, and for a second handle here. */
async function outlives(link: Link, works: Attached['works']): Promise<void> {
  using files = new BpfFileSystem();
  const path = `${files.path}/link`;
  await expect(link.pin('/tmp/no-bpf-here')).rejects.toThrow(/EINVAL.*mount -t bpf/);
  await link.pin(path);
  expect(link.pinPath).toBe(path);
  await expect(link.pin(path)).rejects.toMatchObject({ errno: expect.any(Number) });
  expect(bpftool('link', 'show', 'pinned', path)).toMatchObject({ id: link.info.id });
  await using other = await LinkClass.openPinned(path);
  expect(other.info).toEqual(link.info);
  await other.close();
  expect(await works(), 'after another handle closed').toBe(true);
  await link.unpin();
  expect(link.pinPath).toBeUndefined();
  await expect(LinkClass.openPinned(path)).rejects.toMatchObject({ code: 'ENOENT' });
}
