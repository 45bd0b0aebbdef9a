/** Probes in user code: this very process, and a program built for it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { usdt } from '../../bpf/usdt.bpf.js';
import { user } from '../../bpf/user.bpf.js';
import { ended } from '../../support/child.js';
import { callGetppid } from '../../support/getppid.js';
import { need } from '../../support/need.js';

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
  });

  it('counts in the process that was named, and no longer once detached', async context => {
    need(context, 'uprobe');
    await using bpf = await user.load();
    const link = await bpf.programs.called.attach({ binary, function: 'uv_os_getppid', pid });
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
    await bpf.programs.probed.attach({ binary: program, provider: 'shop', name: 'sold', cookie: 11n });
    execFileSync(program, ['-40', 'apples']);
    const { hits, number, word, cookie } = bpf.globals.bss;
    expect({ hits, number, word, cookie }).toEqual({ hits: 5n, number: -36n, word: 'apples', cookie: 11n });
  });

  it('that is not in the file is named', async context => {
    need(context, 'usdt');
    await using bpf = await usdt.load();
    const attach = bpf.programs.probed.attach({ binary: program, provider: 'shop', name: 'bought' });
    await expect(attach).rejects.toMatchObject({
      code: 'ENOENT',
      message: expect.stringContaining('bought'),
    });
  });
});
