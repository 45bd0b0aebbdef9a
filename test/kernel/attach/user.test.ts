/** Probes in user code: this very process, and a program built for it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { holders } from 'libbpf-ts/inspect';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { usdt } from '../../bpf/usdt.bpf.js';
import { user } from '../../bpf/user.bpf.js';
import { bpftool, ended } from '../../support/child.js';
import { callGetppid } from '../../support/getppid.js';
import { need } from '../../support/need.js';
import { Talker } from '../../support/talker.js';

const binary = process.execPath;
const pid = process.pid;

describe('a uprobe', () => {
  it('sees each call of a function of this process', async context => {
    need(context, 'uprobe');
    await using bpf = await user.load();
    await bpf.programs.called.attach({ binary, function: 'uv_os_getppid', pid });
    await bpf.programs.left.attach({ binary, function: 'uv_os_getppid', pid });
    callGetppid(7);
    const { calls, returns, returned } = bpf.globals.bss;
    expect({ calls, returns, returned }).toEqual({ calls: 7n, returns: 7n, returned: BigInt(process.ppid) });
    const { holdings } = await holders();
    const ours = holdings.flatMap(({ pid: holder, fd, id, probe }) =>
      holder !== pid || probe === undefined
        ? []
        : [{ pid, fd, prog_id: id, fd_type: probe.type, filename: probe.name, offset: Number(probe.offset) }],
    );
    const theirs = bpftool('perf', 'list') as { readonly pid: number; readonly fd_type: string }[];
    expect(ours).toHaveLength(2);
    expect(ours).toEqual(theirs.filter(row => row.pid === pid && /^u(ret)?probe$/.test(row.fd_type)));
  });

  it('counts in the process that was named, and no longer once detached', async context => {
    need(context, 'uprobe');
    await using bpf = await user.load();
    const names = ['uv_os_getppid.isra.0', 'uv_os_getppid', 'uv_os_getpid'];
    const link = await bpf.programs.called.attach({ binary, function: names, pid });
    expect(link.target).toBe('uv_os_getppid');
    await ended(binary, ['-e', 'process.ppid']);
    expect(bpf.globals.bss.calls).toBe(0n);
    await link.detach();
    callGetppid(3);
    expect(bpf.globals.bss.calls).toBe(0n);
  });

  it('says what is missing or not there', async () => {
    await using bpf = await user.load();
    const { called } = bpf.programs;
    const attach = (options: object) => called.attach(options as { binary: string });
    await expect(attach({})).rejects.toThrow(
      /attach called: ERR_BPF_ARGUMENT.*does not say which file.*binary/,
    );
    await expect(attach({ binary })).rejects.toThrow(/does not say which function/);
    await expect(attach({ binary: '/no/such', function: 'f' })).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(attach({ binary, function: 'no_such' })).rejects.toThrow(/ENOENT.*no_such/);
  });
});

describe('a uprobe in a library', () => {
  /** Opens memory as a file, by the function's newest version, and says who did. */
  const opener = `
import ctypes, sys
libc = ctypes.CDLL('libc.so.6')
print('ready', flush=True)
for line in sys.stdin:
    libc.fmemopen(None, 16, b'r')
    print('done', flush=True)
`;
  const library = () => {
    const line = readFileSync('/proc/self/maps', 'utf8').match(/ (\/\S*\/libc\.so\.6)$/m);
    return line?.[1] ?? 'libc.so.6';
  };

  it('is one of several versions of a function', async context => {
    need(context, 'uprobe');
    await using talker = await Talker.start(opener);
    await using bpf = await user.load();
    const attach = (version: string) =>
      bpf.programs.called.attach({ binary: library(), function: `fmemopen${version}`, pid: talker.pid });
    const old = await attach('@GLIBC_2.2.5');
    await talker.ask('go');
    expect(bpf.globals.bss.calls).toBe(0n);
    const now = await attach('@@GLIBC_2.22');
    await talker.ask('go');
    expect(bpf.globals.bss.calls).toBe(1n);
    for (const link of [old, now]) await link.detach();
    await expect(attach('')).rejects.toThrow(
      /several functions fmemopen \(say which: fmemopen@GLIBC_2\.2\.5 or fmemopen@GLIBC_2\.22\)$/,
    );
    await expect(attach('@GLIBC_9.9')).rejects.toThrow(/ENOENT.*fmemopen@GLIBC_9.9/);
  });

  it('is found in the mount namespace of another process', async context => {
    need(context, 'uprobe');
    const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-'));
    const place = join(folder, 'libc.so.6');
    const inside = `mount -t tmpfs tmpfs ${folder} && cp ${library()} ${place} && exec python3 -c "$1"`;
    const program = opener.replace("'libc.so.6'", `'${place}'`);
    await using talker = await Talker.start('', ['unshare', '-m', 'sh', '-c', inside, 'sh', program]);
    await using bpf = await user.load();
    const probed = { binary: place, function: 'fmemopen@@GLIBC_2.22' };
    await expect(bpf.programs.called.attach(probed)).rejects.toMatchObject({ code: 'ENOENT' });
    await bpf.programs.called.attach({ ...probed, rootOf: talker.pid });
    await talker.ask('go');
    expect(bpf.globals.bss.calls).toBe(1n);
    rmSync(folder, { recursive: true });
  });
});

describe('a USDT probe', () => {
  const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-'));
  const program = join(folder, 'probed');
  const source = `
    #include <sys/sdt.h>
    #include <stdlib.h>
    int main(int argc, char** argv) {
      for (int call = 0; call < 5; call++) DTRACE_PROBE2(shop, sold, atol(argv[1]) + call, argv[2]);
      return 0;
    }`;

  beforeAll(() => {
    writeFileSync(`${program}.c`, source);
    execFileSync('cc', ['-O1', '-o', program, `${program}.c`]);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('gives the values that were passed', async context => {
    need(context, 'usdt');
    await using bpf = await usdt.load();
    const probe = { binary: program, provider: 'shop', name: ['lent', 'sold'], cookie: 11n };
    const link = await bpf.programs.probed.attach(probe);
    execFileSync(program, ['-40', 'apples']);
    const { hits, number, word, cookie } = bpf.globals.bss;
    expect({ hits, number, word, cookie }).toEqual({ hits: 5n, number: -36n, word: 'apples', cookie: 11n });
    await link.detach();
    await link.detach();
    await bpf.programs.probed.attach({ ...probe, pid });
    execFileSync(program, ['1', 'pears']);
    expect(bpf.globals.bss).toMatchObject({ hits: 5n, word: 'apples' });
  });

  it('that is not in the file is named', async context => {
    need(context, 'usdt');
    await using bpf = await usdt.load();
    const probe = { binary: program, provider: 'shop' };
    const attach = bpf.programs.probed.attach({ ...probe, name: 'bought' });
    await expect(attach).rejects.toMatchObject({
      code: 'ENOENT',
      message: expect.stringContaining('bought'),
    });
    const several = bpf.programs.probed.attach({ ...probe, name: ['bought', 'lent'] });
    await expect(several).rejects.toThrow(
      /: ENOENT, .*\/probed has none of the probes shop:bought, shop:lent$/,
    );
  });
});
