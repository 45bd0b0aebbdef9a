/** Containers by their processes and by the numbers of their cgroups: real ones, and many that live for moments. */
import { mkdirSync, readFileSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cgroupId } from 'libbpf-ts';
import { containerOf, findContainer, findPod, listContainers, watchContainers } from 'libbpf-ts/containers';
import { describe, expect, it } from 'vitest';
import { Cgroup, cgroupRoot } from '../support/cgroup.js';
import { Container } from '../support/container.js';

describe('a container of runc', () => {
  it('is found by its process, by its id and by its number', async () => {
    await using watcher = await watchContainers();
    await using container = await Container.start(['sleep', '60']);
    const { id, pid, cgroup } = container;
    expect(containerOf(pid)).toEqual({ id, engine: 'docker', pod: undefined, cgroup, outer: undefined });
    const found = await findContainer(id.slice(0, 12));
    expect(found).toEqual({ ...containerOf(pid), folder: join(cgroupRoot(), cgroup), version: 2 });
    // What the kernel itself says of its cgroup.
    expect(readFileSync(join(found.folder, 'cgroup.procs'), 'utf8')).toBe(`${pid}\n`);
    expect(watcher.at(cgroupId(found.folder))).toEqual(containerOf(pid));
    expect((await listContainers()).filter(each => each.id === id)).toHaveLength(1);
  });

  it('is known by its number when it has gone', async () => {
    await using watcher = await watchContainers();
    let number = 0n;
    let name: string;
    {
      await using container = await Container.start(['sleep', '60']);
      name = container.id;
      number = cgroupId((await findContainer(name)).folder);
    }
    expect(watcher.at(number)?.id).toBe(name);
    await expect(findContainer(name)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('cgroups that live for moments', () => {
  it('have their names, a thousand of them', async () => {
    await using parent = new Cgroup();
    await using watcher = await watchContainers({ below: `/${parent.path.slice(cgroupRoot().length + 1)}/` });
    const lives = Array.from({ length: 1000 }, async (_, index) => {
      await sleep(index * 2);
      const id = index.toString(16).padStart(64, 'f');
      const folder = join(parent.path, `docker-${id}.scope`);
      mkdirSync(folder);
      const number = statSync(folder, { bigint: true }).ino;
      await sleep(50);
      rmdirSync(folder);
      return { id, number };
    });
    const made = await Promise.all(lives);
    expect(watcher.lost).toBe(0);
    expect(made.map(({ number }) => watcher.at(number)?.id)).toEqual(made.map(({ id }) => id));
  });

  it('are left out where they are not below what was asked for', async () => {
    await using parent = new Cgroup();
    const wanted = join(parent.path, `wanted-${'x'.repeat(150)}`);
    mkdirSync(wanted);
    await using watcher = await watchContainers({ below: wanted.slice(cgroupRoot().length) });
    const [inside, outside] = [join(wanted, 'inside'), join(parent.path, `wanted-${'x'.repeat(149)}y`)];
    for (const folder of [inside, outside]) mkdirSync(folder);
    const numbers = [inside, outside].map(folder => statSync(folder, { bigint: true }).ino);
    for (const folder of [inside, outside, wanted]) rmdirSync(folder);
    expect(numbers.map(number => watcher.pathOf(number))).toEqual([
      inside.slice(cgroupRoot().length),
      undefined,
    ]);
  });

  it('go out of memory in the order in which they came', async () => {
    await using parent = new Cgroup();
    const below = parent.path.slice(cgroupRoot().length);
    await using watcher = await watchContainers({ below: `${below}/`, maxCgroups: 3 });
    const folders = ['a', 'b', 'c', 'd', 'e'].map(name => join(parent.path, name));
    for (const folder of folders) mkdirSync(folder);
    const numbers = folders.map(folder => statSync(folder, { bigint: true }).ino);
    for (const folder of folders) rmdirSync(folder);
    const known = numbers.map(number => watcher.pathOf(number));
    expect(known).toEqual([undefined, undefined, `${below}/c`, `${below}/d`, `${below}/e`]);
  });
});

describe('version 1', () => {
  it('is told by its controller, where this machine has it', async () => {
    const [, number, controller = ''] =
      /^([1-9]\d*):(\w+):/m.exec(readFileSync('/proc/self/cgroup', 'utf8')) ?? [];
    if (number === undefined) {
      await expect(watchContainers({ controller: 'memory' })).rejects.toThrow(
        /controller memory are not mounted/,
      );
      return;
    }
    await using watcher = await watchContainers({ controller });
    expect(watcher.hierarchy).toMatchObject({
      version: 1,
      number: Number(number),
      controllers: [controller],
    });
    await using parent = new Cgroup(watcher.hierarchy.folder);
    expect(watcher.pathOf(statSync(parent.path, { bigint: true }).ino)).toBe(
      parent.path.slice(watcher.hierarchy.folder.length),
    );
  });
});

describe('what cannot be', () => {
  it.each<[string, () => unknown, RegExp]>([
    [
      'a process that is not there',
      () => containerOf(2 ** 22),
      /find the container of process 4194304: ESRCH, there is no such process/,
    ],
    ['a number that is none', () => containerOf(-1), /pid is an integer/],
    ['an id that is none', () => findContainer(''), /an id is text/],
    ['a uid that is none', () => findPod(''), /a uid is text/],
    [
      'a container that is not there',
      () => findContainer('f00dcafe'),
      /no cgroup is named after such a container/,
    ],
    ['an option', () => watchContainers({ under: '/' } as object), /there is no option under/],
    ['a path', () => watchContainers({ below: 'docker' }), /below is a path from the root/],
    ['a controller', () => watchContainers({ controller: 'rdma' }), /controller rdma are not mounted/],
  ])('%s', async (_, call, message) => {
    await expect((async () => call())()).rejects.toThrow(message);
  });

  it('a number of another type, and a watch that has ended', async () => {
    const watcher = await watchContainers();
    expect(() => watcher.at(1 as unknown as bigint)).toThrow(/its number is a bigint/);
    await watcher.close();
    expect(() => watcher.at(1n)).toThrow(/the watch has ended/);
  });
});
