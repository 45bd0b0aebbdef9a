/** What every kind of link must do: tell of itself, be pinned and opened again, detach in any order. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Link } from 'libbpf-ts';
import { openLink } from 'libbpf-ts';
import { afterAll, beforeAll, expect } from 'vitest';
import { BpfFileSystem } from './bpffs.js';
import { bpftool, untilGone } from './child.js';
import { Talker } from './talker.js';

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
}

/** Where links are pinned, and who else opens them. */
interface Surroundings {
  readonly files: BpfFileSystem;
  other?: Promise<Talker>;
}

/** The contract, for the tests of one file: starting a process for each would take longer than all the rest. */
export function linkContracts(): (attached: Attached) => Promise<void> {
  let around: Surroundings;
  beforeAll(() => {
    around = { files: new BpfFileSystem() };
  });
  afterAll(async () => {
    around.files[Symbol.dispose]();
    await (await around.other)?.[Symbol.asyncDispose]();
  });
  return attached => keeps(attached, around);
}

/** Answers the path of a pinned link with the link's number. */
const opener = `
import { createInterface } from 'node:readline';
import { openLink } from 'libbpf-ts';
console.log('ready');
for await (const path of createInterface({ input: process.stdin })) {
  const link = await openLink(path);
  console.log(link.info.id);
  await link.close();
}
`;

/** Ends with the link detached. */
async function keeps(attached: Attached, around: Surroundings): Promise<void> {
  const { link, works } = attached;
  expect(await works(), 'attached').toBe(true);
  const { id } = describedAlike(attached);
  await outlives(link, works, around);
  await link.detach();
  await link.detach();
  expect(await ceases(works), 'detached').toBe(true);
  expect(() => link.info).toThrow(expect.objectContaining({ code: 'ERR_BPF_CLOSED' }));
  await untilGone('link', id);
}

/** Kinds that are detached by their last holder are so a little after their file has gone. */
async function ceases(works: Attached['works']): Promise<boolean> {
  for (let attempt = 0; attempt < 50; attempt++) {
    if (!(await works())) return true;
    await sleep(20);
  }
  return false;
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
async function outlives(link: Link, works: Attached['works'], around: Surroundings): Promise<void> {
  const path = `${around.files.path}/link`;
  await expect(link.pin('/tmp/no-bpf-here')).rejects.toThrow(/E(INVAL|PERM), .*mount -t bpf/);
  await expect(link.pin(`${path}.old`)).rejects.toThrow(/: EPERM, a name in a BPF file system has no dot \(/);
  await link.pin(path);
  expect(link.pinPath).toBe(path);
  await expect(link.pin(path)).rejects.toMatchObject({ errno: expect.any(Number) });
  around.other ??= Talker.start('', [process.execPath, '--input-type=module', '-e', opener]);
  const other = await around.other;
  expect(await other.ask(path)).toBe(String(link.info.id));
  await using second = await openLink(path);
  expect(second.info).toEqual(link.info);
  await second.close();
  expect(await works(), 'after another handle closed').toBe(true);
  await link.unpin();
  expect(link.pinPath).toBeUndefined();
  await expect(openLink(path)).rejects.toMatchObject({ code: 'ENOENT' });
}
