/** What is adopted in ways of its own: struct_ops tables by their links, arenas not at all, a folder by one at a time. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type Adoption, loadOrAdopt } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import { adopted } from '../bpf/adopted.bpf.js';
import { arena } from '../bpf/arena.bpf.js';
import { congestion } from '../bpf/congestion.bpf.js';
import { congestionLink } from '../bpf/congestion_link.bpf.js';
import { end, held, outcomes } from '../support/adoption.js';
import { BpfFileSystem } from '../support/bpffs.js';
import { watchGetppid } from '../support/getppid.js';

const mine = { rodata: { target_pid: process.pid } };
const busy = 'EBUSY, another process adopts';

describe('a struct_ops table that outlives its process', () => {
  const options = (folder: string) => ({ folder, attach: { renewed: false } }) as const;
  const tables = ({ report }: Pick<Adoption, 'report'>) =>
    outcomes({ report: report.filter(({ kind }) => kind === 'map') });
  const control = (name: string) => new RegExp(`\\b${name}\\b`);
  const available = () => readFileSync('/proc/sys/net/ipv4/tcp_available_congestion_control', 'utf8');

  it('stays while the next one takes its place, in the same link', async () => {
    using files = new BpfFileSystem();
    const { folder, attach } = options(files.path);
    await using first = held(await loadOrAdopt(await congestionLink.open(), { folder, attach }));
    expect(tables(first)).toEqual(['.bss created', 'linked created', 'renewed skipped']);
    const id = first.links.linked?.info.id;
    await end(first);
    expect(available()).toMatch(control('ts_linked'));
    await using second = held(await loadOrAdopt(await congestionLink.open(), { folder, attach }));
    expect(tables(second)).toEqual(['.bss adopted', 'linked updated', 'renewed skipped']);
    expect(second.links.linked?.info).toMatchObject({ id, mapId: second.object.maps.linked.info.id });
    await end(second);
    const none = { folder, attach: { linked: false, renewed: false } } as const;
    await using third = held(await loadOrAdopt(await congestionLink.open(), none));
    expect(tables(third)).toEqual(['.bss adopted', 'linked removed', 'renewed skipped']);
    expect(available()).not.toMatch(control('ts_linked'));
  });

  it('is left to its process where it has no link', async () => {
    using files = new BpfFileSystem();
    const adoption = await loadOrAdopt(await congestion.open(), { folder: files.path });
    expect(adoption.report).toContainEqual({
      kind: 'map',
      name: 'plain',
      outcome: 'skipped',
      why: 'without .link in its section there is no link to hand on: attach() it',
    });
    await end(adoption);
  });
});

describe('an arena', () => {
  it('is of each process anew, and the report says so', async () => {
    using files = new BpfFileSystem();
    const adoption = await loadOrAdopt(await arena.open(watchGetppid), { folder: files.path });
    expect(adoption.report).toContainEqual({
      kind: 'map',
      name: 'arena',
      outcome: 'unpinned',
      why: 'an arena lies at an address of one process',
    });
    expect(adoption.object.globals.arena.tally.name).toBe('calls');
    for (const link of Object.values(adoption.links)) await link?.detach();
    await end(adoption);
  });
});

describe('a folder', () => {
  const none = { watch: false, entered: false, only_before: false } as const;

  it('is adopted by one call at a time', async () => {
    using files = new BpfFileSystem();
    const options = { folder: files.path, attach: none };
    const calls = [await adopted.open(mine), await adopted.open(mine)].map(opened =>
      loadOrAdopt(opened, options),
    );
    const [first, second] = await Promise.allSettled(calls);
    expect(second).toMatchObject({ reason: { code: 'EBUSY', message: expect.stringContaining(busy) } });
    if (first?.status !== 'fulfilled') throw new Error('the first was refused');
    const again = await loadOrAdopt(await adopted.open(mine), options);
    await end(first.value);
    await end(again);
  });

  it('is free again once who adopts it is killed', async () => {
    using files = new BpfFileSystem();
    const options = { folder: files.path, attach: none };
    await end(await loadOrAdopt(await adopted.open(mine), options));
    const program = `fcntl.flock(os.open('${files.path}', os.O_RDONLY), fcntl.LOCK_EX); print(flush=True)`;
    const child = spawn('python3', ['-c', `import fcntl, os, time; ${program}; time.sleep(1000)`]);
    try {
      await once(child.stdout, 'data');
      await expect(loadOrAdopt(await adopted.open(mine), options)).rejects.toThrow(busy);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    await end(await loadOrAdopt(await adopted.open(mine), options));
  });
});
