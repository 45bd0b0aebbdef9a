/** What everything else stands on, on arm64: runs there by `npm run test:arm64`, under Node's own test runner. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmdirSync } from 'node:fs';
import { constants, endianness } from 'node:os';
import { describe, it } from 'node:test';
import { built } from './built.ts';

const { execsnoop } = await built<typeof import('../../examples/execsnoop/execsnoop.bpf.js')>('execsnoop');
const { kprobe } = await built<typeof import('../bpf/kprobe.bpf.js')>('kprobe');
const { fentry } = await built<typeof import('../bpf/fentry.bpf.js')>('fentry');

const folder = `/dev/shm/core-${process.pid}`;

function makeFolder(): void {
  mkdirSync(folder, 0o751);
  rmdirSync(folder);
}

it('is an arm64 machine', () => {
  assert.deepEqual([process.arch, endianness()], ['arm64', 'LE']);
});

describe('execsnoop', () => {
  it('streams executions as typed events', async () => {
    await using bpf = await execsnoop.load({ rodata: { tree_root: process.pid } });
    await bpf.attach();
    const { pid } = spawnSync('/bin/true', ['one', 'two words']);
    for await (const event of bpf.maps.events.events()) {
      const { ppid, retval, comm, args_count, args } = event;
      const strings = Buffer.from(args).toString().split('\0').slice(0, -1);
      assert.deepEqual(
        { pid: event.pid, ppid, retval, comm, args_count, strings },
        {
          pid,
          ppid: process.pid,
          retval: 0,
          comm: 'true',
          args_count: 3,
          strings: ['/bin/true', '/bin/true', 'one', 'two words'],
        },
      );
      break;
    }
    assert.deepEqual({ ...bpf.globals.bss }, { sent: 1n, dropped: 0n, untracked: 0n });
  });

  it('has maps that hold what is put into them', async () => {
    await using bpf = await execsnoop.load();
    bpf.maps.tree.set(7, 1);
    bpf.maps.tree.set(8, 2);
    assert.deepEqual(new Map(bpf.maps.tree.entries()), new Map([[7, 1], [8, 2]])); // biome-ignore format: a table
    assert.equal(bpf.maps.tree.delete(7), true);
    assert.deepEqual([bpf.maps.tree.get(7), bpf.maps.tree.get(8)], [undefined, 2]);
  });
});

describe('a kprobe and a kretprobe', () => {
  it('find arguments and results in the registers', async () => {
    await using bpf = await kprobe.load({ rodata: { target_pid: process.pid } });
    await bpf.attach();
    makeFolder();
    assert.throws(() => openSync(`${folder}/none`, 'r'), { code: 'ENOENT' });
    const { made_name, made_mode, opened } = bpf.globals.bss;
    assert.deepEqual(
      { made_name, made_mode, opened },
      { made_name: folder.slice('/dev/shm/'.length), made_mode: 0o751, opened: -constants.errno.ENOENT },
    );
  });
});

describe('fentry and fexit', () => {
  it('see arguments and results through a trampoline', async () => {
    await using bpf = await fentry.load({ rodata: { target_pid: process.pid } });
    await bpf.attach();
    const fd = openSync('/proc/self/maps', 'r');
    closeSync(fd);
    const { opened, opened_name } = bpf.globals.bss;
    assert.deepEqual({ opened, opened_name }, { opened: fd, opened_name: '/proc/self/maps' });
  });
});
