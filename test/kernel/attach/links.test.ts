/** Links by their numbers: all that the machine has, one opened again, one that outlives its handle. */
import { type LinkInfo, openLink } from 'libbpf-ts';
import { links } from 'libbpf-ts/inspect';
import { describe, expect, it } from 'vitest';
import { traced } from '../../bpf/traced.bpf.js';
import { bpftool, runScript, untilGone } from '../../support/child.js';
import { callGetppid } from '../../support/getppid.js';
import { need } from '../../support/need.js';

async function listed(): Promise<Map<number, LinkInfo>> {
  const found = new Map<number, LinkInfo>();
  for await (const info of links()) found.set(info.id, info);
  return found;
}

describe('all links of the machine', () => {
  it('are told with what each is, as bpftool tells', async context => {
    need(context, 'raw_tp');
    await using bpf = await traced.load({ rodata: { target_pid: process.pid } });
    const link = await bpf.programs.raw.attach({ name: 'sys_enter' });
    const { id } = link.info;
    const found = await listed();
    expect(found.get(id)).toEqual(link.info);
    expect(bpftool('link', 'show', 'id', String(id))).toMatchObject({ id, prog_id: link.info.programId });
    expect([...found.keys()]).toEqual([...found.keys()].sort((a, b) => a - b));
    await link.detach();
    await untilGone('link', id);
    expect(await listed()).not.toContain(id);
  });
});

describe('a link opened by its number', () => {
  it('is the same link, and closing it detaches nothing', async context => {
    need(context, 'raw_tp');
    await using bpf = await traced.load({ rodata: { target_pid: process.pid, watched: 110n } });
    await using link = await bpf.programs.raw.attach({ name: 'sys_enter' });
    const other = await openLink({ id: link.info.id });
    expect(other.info).toEqual(link.info);
    await other.close();
    const before = bpf.globals.bss.by_raw;
    callGetppid(3);
    expect(bpf.globals.bss.by_raw).toBe(before + 3n);
  });

  it('that is not there is named', async () => {
    await expect(openLink({ id: 2 ** 31 })).rejects.toThrow(/^open link 2147483648: ENOENT/);
    await expect(openLink({ id: -1 })).rejects.toThrow(/^open link -1: ERR_BPF_ARGUMENT/);
  });
});

describe('a disconnected link', () => {
  it.for([
    ['its object', 'bpf.programs.raw', 'bpf'],
    ['its program', "await openProgram(bpf.programs.raw, 'raw_tp')", 'program'],
  ] as const)('stays attached when %s closes, until the process ends', async ([, from, owner], context) => {
    need(context, 'raw_tp');
    const { stdout, stderr } = await runScript(`
      import { open, openProgram } from 'libbpf-ts';
      import { links } from 'libbpf-ts/inspect';
      const opened = await open('test/bpf/traced.bpf.o');
      const bpf = await opened.load();
      const program = ${from};
      const link = await program.attach({ name: 'sys_enter' });
      const { id } = link.info;
      link.disconnect();
      await link.close();
      await ${owner}.close();
      const ids = [];
      for await (const info of links()) ids.push(info.id);
      console.log(id, ids.includes(id));
    `);
    expect(stderr).toBe('');
    const [id = '', held] = stdout.trim().split(' ');
    expect(held).toBe('true');
    await untilGone('link', id);
  });
});
