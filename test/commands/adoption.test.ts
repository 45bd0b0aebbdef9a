/** Objects that outlive their process: killed, restarted and changed while traffic flows, without missing any of it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { type Adoption, loadOrAdopt, loadOrAdoptSync, openMapSync } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import { adopted } from '../bpf/adopted.bpf.js';
import { adoptedNext } from '../bpf/adopted_next.bpf.js';
import { probe } from '../bpf/probe.bpf.js';
import { end, held, outcomes } from '../support/adoption.js';
import { BpfFileSystem } from '../support/bpffs.js';
import { checkout, untilGone } from '../support/child.js';
import { fdInfo } from '../support/descriptors.js';
import { Cable } from '../support/network.js';

const pings = 150;
const mine = { rodata: { target_pid: process.pid } };

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
    expect(outcomes({ report })).toEqual([
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
    expect(outcomes(again)).toEqual([
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
    expect(outcomes(next)).toEqual([
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
      outcome: 'replaced',
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
    expect(outcomes(fresh)).toContain('counts replaced');
    expect(fresh.object.maps.counts.get(0)).toEqual({ packets: 0n, bytes: 0n });
    await end(fresh);
    using now = openMapSync(`${files.path}/maps/counts`, adopted.description.maps.counts);
    expect(now.maxEntries).toBe(4);
  });
});
