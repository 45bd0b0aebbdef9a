/** Objects that outlive their process: killed, restarted and changed while traffic flows, without missing any of it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { type Adoption, loadOrAdopt, loadOrAdoptSync, openMapSync } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import { adopted } from '../bpf/adopted.bpf.js';
import { adoptedNext } from '../bpf/adopted_next.bpf.js';
import { arena } from '../bpf/arena.bpf.js';
import { congestion } from '../bpf/congestion.bpf.js';
import { congestionLink } from '../bpf/congestion_link.bpf.js';
import { probe } from '../bpf/probe.bpf.js';
import { BpfFileSystem } from '../support/bpffs.js';
import { checkout, untilGone } from '../support/child.js';
import { fdInfo } from '../support/descriptors.js';
import { watchGetppid } from '../support/getppid.js';
import { Cable } from '../support/network.js';

const pings = 150;
const busy = 'EBUSY, another process adopts';
const mine = { rodata: { target_pid: process.pid } };

/** The report, as `counts adopted`. */
function fates({ report }: Pick<Adoption, 'report'>): string[] {
  return report.map(({ name, fate }) => `${name} ${fate}`).sort();
}

/** A process that loads, attaches, prints its report and then waits to be killed. */
async function service(folder: string, attach: object) {
  const object = new URL('../bpf/adopted.bpf.o', import.meta.url).pathname;
  const script = `
    import { loadOrAdopt, open } from 'libbpf-ts';
    const opened = await open(${JSON.stringify(object)});
    const { report } = await loadOrAdopt(opened, ${JSON.stringify({ folder, attach })});
    console.log(JSON.stringify(report));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: checkout,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  const report: Adoption['report'] = JSON.parse(String(line));
  return { child, report, [Symbol.dispose]: () => void child.kill('SIGKILL') };
}

describe('an object that outlives its process', () => {
  it('misses nothing while it is killed, restarted and changed', async () => {
    using files = new BpfFileSystem();
    using cable = new Cable();
    await cable.left.reach('10.77.0.2');
    const folder = `${files.path}/service`;
    const options = { folder, attach: { watch: cable.end } };

    using first = await service(folder, options.attach);
    const { child, report } = first;
    expect(fates({ report })).toEqual([
      '.bss created',
      'counted skipped',
      'counts created',
      'entered created',
      'jumps created',
      'only_before created',
      'watch created',
    ]);
    const traffic = cable.ping(pings);
    child.kill('SIGKILL');
    await once(child, 'close');

    await using again = held(await loadOrAdopt(await adopted.open(mine), options));
    expect(fates(again)).toEqual([
      '.bss adopted',
      'counted skipped',
      'counts adopted',
      'entered replaced',
      'jumps replaced',
      'only_before replaced',
      'watch updated',
    ]);
    const old = again.links.only_before?.info.id ?? 0;
    const { watch } = again.links;
    expect(watch?.info.programId).toBe(fdInfo(again.object.programs.watch.fd, 'prog_id'));

    await using next = held(await loadOrAdopt(await adoptedNext.open(mine), options));
    expect(fates(next)).toEqual([
      '.bss adopted',
      'counted skipped',
      'counts adopted',
      'entered replaced',
      'jumps replaced',
      'only_before removed',
      'watch updated',
    ]);
    expect(next.links.watch?.info.id).toBe(watch?.info.id);
    await end(again);
    await untilGone('link', old);

    expect(await traffic).toBe(pings);
    expect(await cable.ping(5)).toBe(5);
    const { counts } = next.object.maps;
    const [before, after] = [counts.get(0), counts.get(1)];
    expect((before?.packets ?? 0n) + (after?.packets ?? 0n)).toBe(BigInt(pings + 5));
    expect(after?.packets).toBeGreaterThanOrEqual(5n);
    const { seen, missed, asked } = next.object.globals.bss;
    expect({ seen, missed }).toEqual({ seen: BigInt(pings + 5), missed: 0n });
    expect(asked).toBeGreaterThan(0n);
    await next.links.watch?.detach();
    expect(await cable.ping(3)).toBe(3);
    expect(next.object.globals.bss.seen).toBe(seen);
    await end(next);
  });

  it('moves to another interface, though that has the same number in its namespace', async () => {
    using files = new BpfFileSystem();
    using cable = new Cable();
    await cable.left.reach('10.77.0.2');
    const at = (netns: string) =>
      ({
        folder: files.path,
        attach: { watch: { interface: 'cable', netns }, entered: false, only_before: false },
      }) as const;
    await end(await loadOrAdopt(await adopted.open(mine), at(cable.left.path)));
    expect(await cable.ping(3)).toBe(3);
    await using moved = held(await loadOrAdopt(await adopted.open(mine), at(cable.right.path)));
    expect(moved.report.find(({ name }) => name === 'watch')).toMatchObject({
      fate: 'replaced',
      why: expect.stringMatching(/another network namespace|is at interface \d+, should be at \d+/),
    });
    const { seen } = moved.object.globals.bss;
    expect(await cable.ping(3)).toBe(3);
    expect(moved.object.globals.bss).toMatchObject({ seen: seen + 3n, missed: 0n });
    await end(moved);
  });

  it('refuses maps that do not fit, with every difference, and changes nothing', async () => {
    using files = new BpfFileSystem();
    const options = {
      folder: files.path,
      attach: { watch: false, entered: false, only_before: false },
    } as const;
    await using first = held(loadOrAdoptSync(adopted.openSync(mine), options));
    first.object.maps.counts.set(0, { packets: 7n, bytes: 0n });
    const pinned = () =>
      ['maps', 'links', 'next/maps', 'next/links'].map(kind => readdirSync(`${files.path}/${kind}`));
    const there = pinned();
    await end(first);

    const larger = await adopted.open(mine);
    larger.maps.counts.maxEntries = 4;
    await expect(loadOrAdopt(larger, options)).rejects.toMatchObject({
      code: 'ERR_BPF_MAP',
      message: expect.stringMatching(
        /adopt adopted from .*counts: maxEntries is 2, should be 4 \(nothing was changed/,
      ),
    });
    const another = loadOrAdopt(await probe.open(), { folder: files.path, replace: ['counts'] });
    await expect(another).rejects.toThrow(/\.bss: value size is 24, should be 16/);
    expect(pinned()).toEqual(there);

    const wider = await adopted.open(mine);
    wider.maps.counts.maxEntries = 4;
    await using fresh = held(await loadOrAdopt(wider, { ...options, replace: ['counts'] }));
    expect(fates(fresh)).toContain('counts replaced');
    expect(fresh.object.maps.counts.get(0)).toEqual({ packets: 0n, bytes: 0n });
    await end(fresh);
    using now = openMapSync(`${files.path}/maps/counts`, adopted.description.maps.counts);
    expect(now.maxEntries).toBe(4);
  });
});

describe('a struct_ops table that outlives its process', () => {
  const options = (folder: string) => ({ folder, attach: { renewed: false } }) as const;
  const tables = ({ report }: Pick<Adoption, 'report'>) =>
    fates({ report: report.filter(({ kind }) => kind === 'map') });
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
      fate: 'skipped',
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
      fate: 'unpinned',
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

type Holding = {
  readonly object: AsyncDisposable;
  readonly links: Readonly<Record<string, AsyncDisposable | undefined>>;
};

/** Ends with its scope, however that ends. */
function held<A extends Holding>(adoption: A): A & AsyncDisposable {
  return Object.assign(adoption, { [Symbol.asyncDispose]: () => end(adoption) });
}

/** Closes all that this process holds of it; what is pinned stays. */
async function end({ object, links }: Holding) {
  for (const link of Object.values(links)) await link?.[Symbol.asyncDispose]();
  await object[Symbol.asyncDispose]();
}
