/** User ring buffers: a program drains them, and what it got is compared byte for byte. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadedObject } from 'libbpf-ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { userRing } from '../bpf/user_ring.bpf.js';
import { callGetppid, watchGetppid } from '../support/getppid.js';
import { need } from '../support/need.js';

type UserRing = LoadedObject<typeof userRing.description>;

async function attached(): Promise<UserRing> {
  const bpf = await userRing.load(watchGetppid);
  await bpf.attach();
  return bpf;
}

/** Has the program drain, and gives the bytes of all that it has ever got. */
function drained({ maps, globals }: UserRing): Uint8Array[] {
  callGetppid(1);
  return Array.from({ length: globals.bss.drained }, (_, index) => {
    const { size = 0, bytes = new Uint8Array() } = maps.records.get(index) ?? {};
    return bytes.slice(0, size);
  });
}

/** As C lays out the struct, by hand. */
function laidOut(number: bigint, kind: number, name: string): Uint8Array {
  const bytes = Buffer.alloc(32);
  bytes.writeBigUInt64LE(number, 0);
  bytes.writeUInt32LE(kind, 8);
  bytes.write(name, 12);
  return new Uint8Array(bytes);
}

const command = { number: 1n, kind: 2, name: 'three' };

describe('a user ring buffer', () => {
  beforeEach(context => {
    need(context, 'map.user_ringbuf');
    need(context, 'raw_tp');
  });

  it('brings values to the program, in order, byte for byte', async () => {
    await using bpf = await attached();
    const { commands } = bpf.maps;
    for (let kind = 0; kind < 20; kind++) commands.send({ number: 2n ** 60n, kind, name: `name ${kind}` });
    const expected = Array.from({ length: 20 }, (_, kind) => laidOut(2n ** 60n, kind, `name ${kind}`));
    expect(drained(bpf)).toEqual(expected);
    expect(bpf.globals.bss.answer).toBe(20n);
  });

  it('reserves, submits and discards; what is reserved first comes first', async () => {
    await using bpf = await attached();
    const { commands } = bpf.maps;
    const first = commands.reserve();
    const second = commands.reserve(5);
    const third = commands.reserve();
    third.submit({ ...command, kind: 3 });
    expect(drained(bpf)).toEqual([]);
    second.discard();
    first.submit(Uint8Array.of(1, 2, 3));
    const short = new Uint8Array(32);
    short.set([1, 2, 3]);
    expect(drained(bpf)).toEqual([short, laidOut(1n, 3, 'three')]);
    {
      using forgotten = commands.reserve();
      expect(forgotten.size).toBe(32);
    }
    commands.send(command);
    expect(drained(bpf)).toHaveLength(3);
  });

  it('passes records of every size, and wraps around', async () => {
    await using bpf = await attached();
    const sent: Uint8Array[] = [];
    for (let size = 1; size <= 255; size++) {
      const bytes = Uint8Array.from({ length: size }, (_, at) => at * 7 + size);
      bpf.maps.commands.reserve(size).submit(bytes);
      sent.push(bytes);
      if (size % 10 === 0) callGetppid(1);
    }
    expect(drained(bpf)).toEqual(sent);
  });

  it('says when it is full, and waits for room without a thread', async () => {
    await using bpf = await attached();
    const { commands } = bpf.maps;
    let sent = 0;
    const fill = () => {
      for (;;) {
        commands.send({ ...command, kind: sent });
        sent++;
      }
    };
    expect(fill).toThrow(
      /reserve 32 bytes in user ring buffer commands: ENOSPC, it is full \(reserveBlocking\(\) waits/,
    );
    expect(sent).toBe(102);
    const order: number[] = [];
    const waiting = [0, 1, 2].map(async index => {
      await commands.sendBlocking({ ...command, kind: 1000 + index });
      order.push(index);
    });
    await sleep(20);
    expect(order).toEqual([]);
    callGetppid(1);
    await Promise.all(waiting);
    expect(order).toEqual([0, 1, 2]);
    const kinds = drained(bpf).map(bytes => Buffer.from(bytes).readUInt32LE(8));
    expect(kinds).toEqual([...Array(102).keys(), 1000, 1001, 1002]);
  });

  it('ends a wait at once: by a signal, by close', async () => {
    const bpf = await attached();
    const { commands } = bpf.maps;
    commands.reserve(4000);
    const aborted = commands.reserveBlocking({ signal: AbortSignal.abort(new Error('too late')) });
    await expect(aborted).rejects.toThrow('too late');
    const began = performance.now();
    const timed = commands.reserveBlocking({ size: 200, signal: AbortSignal.timeout(30) });
    const behind = commands.reserveBlocking({ size: 100 });
    await expect(timed).rejects.toThrow(expect.objectContaining({ name: 'TimeoutError' }));
    expect(performance.now() - began).toBeLessThan(2000);
    await sleep(5);
    const ended = expect(behind).rejects.toThrow(expect.objectContaining({ code: 'ERR_BPF_CLOSED' }));
    await bpf.close();
    await ended;
  });

  it('refuses what cannot be', async () => {
    await using bpf = await attached();
    const { commands } = bpf.maps;
    expect(() => commands.reserve(5000)).toThrow(/E2BIG, it has room for 4096 bytes, headers included/);
    await expect(commands.reserveBlocking({ size: 5000 })).rejects.toThrow(/E2BIG/);
    expect(() => commands.reserve(-1)).toThrow(expect.objectContaining({ code: 'EINVAL' }));
    expect(() => commands.send({ number: 1n, kind: -1, name: '' })).toThrow(
      expect.objectContaining({ code: 'ERR_BPF_VALUE' }),
    );
    const record = commands.reserve(4);
    expect(() => record.submit(new Uint8Array(5))).toThrow(expect.objectContaining({ code: 'E2BIG' }));
    record.submit(new Uint8Array(4));
    expect(() => record.submit(new Uint8Array(4))).toThrow(
      expect.objectContaining({ code: 'ERR_BPF_CLOSED' }),
    );
    expect(drained(bpf)).toEqual([new Uint8Array(4)]);
  });
});
