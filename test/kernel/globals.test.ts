/** Global variables: constants before load, memory after it. */
import { describe, expect, it } from 'vitest';
import { probe } from '../bpf/probe.bpf.js';
import { bpftool } from '../support/child.js';
import { ownMapIds } from '../support/descriptors.js';
import { callGetppid, watchGetppid } from '../support/getppid.js';

describe('globals', () => {
  it('have their initial values before load and after', async () => {
    const opened = await probe.open();
    expect({ ...opened.globals.data }).toEqual({ step: 1n, note: 'ready' });
    opened.globals.data.note = 'steady';
    await using bpf = await opened.load();
    expect({ ...bpf.globals.data }).toEqual({ step: 1n, note: 'steady' });
    expect({ ...bpf.globals.bss }).toEqual({ seen: 0n, dropped: 0n });
  });

  it('steer the program while it runs', async () => {
    await using bpf = await probe.load(watchGetppid);
    await bpf.attach();
    callGetppid(10);
    expect(bpf.globals.bss.seen).toBe(10n);
    bpf.globals.data.step = 5n;
    callGetppid(10);
    expect(bpf.globals.bss.seen).toBe(60n);
    bpf.globals.bss.seen = 1n;
    expect(bpf.globals.bss.seen).toBe(1n);
  });

  it('are what bpftool reads from the map behind them', async () => {
    await using bpf = await probe.load({ rodata: { target_pid: 4_000_000_000, watched: -7n } });
    const own = ownMapIds()
      .map(id => bpftool('map', 'show', 'id', String(id)) as { id: number; name: string })
      .filter(({ name }) => name === 'probe.rodata');
    expect(own).toHaveLength(1);
    const dump = JSON.stringify(bpftool('map', 'dump', 'id', String(own[0]?.id)));
    expect(dump).toContain('"target_pid":4000000000');
    expect(dump).toContain('"watched":-7');
    expect({ ...bpf.globals.rodata }).toEqual({ target_pid: 4_000_000_000, watched: -7n });
  });

  it('that are constants cannot be written after load', async () => {
    await using bpf = await probe.load();
    const rodata = bpf.globals.rodata as { target_pid: number };
    expect(() => {
      rodata.target_pid = 1;
    }).toThrow(
      expect.objectContaining({ code: 'ERR_BPF_PHASE', message: expect.stringContaining('target_pid') }),
    );
  });

  it('refuse values that do not fit and names that are not there, and nothing stays open', async () => {
    await expect(probe.load({ rodata: { target_pid: -1 } })).rejects.toMatchObject({ code: 'ERR_BPF_VALUE' });
    const misspelt = { rodata: { target_pit: 1 } } as object;
    await expect(probe.load(misspelt)).rejects.toThrow(/no such variable; rodata has: target_pid, watched/);
  });
});
