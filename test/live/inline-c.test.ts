/** C in the middle of a program: compiled, loaded, run; and its errors, which name the line that they are in. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BpfError, load, open, VerifierError } from 'libbpf-ts';
import { bpf, compile } from 'libbpf-ts/build';
import { describe, expect, it } from 'vitest';
import { temporary } from '../support/temporary.js';

const here = new URL(import.meta.url).pathname;

/** The line of this file that has a text. */
function lineOf(text: string): number {
  return (
    readFileSync(here, 'utf8')
      .split('\n')
      .findIndex(line => line.includes(text)) + 1
  );
}

async function errorOf(work: () => Promise<unknown>): Promise<BpfError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof BpfError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('C in a program', () => {
  it('runs with its values, typed by its own BTF', async () => {
    await using opens = await load(bpf`
      struct seen { __u64 count; char name[16]; };
      struct seen seen;
      SEC(${'tracepoint/syscalls/sys_enter_openat'})
      int opened(void *ctx) {
        if (bpf_get_current_pid_tgid() >> 32 != ${process.pid}) return 0;
        __sync_fetch_and_add(&seen.count, ${3n});
        __builtin_memcpy(seen.name, ${'it’s "me"'}, sizeof(${'it’s "me"'}));
        return 0;
      }`);
    await opens.attach();
    for (let i = 0; i < 5; i++) readFileSync('/etc/hostname');
    expect(opens.globals.bss?.seen).toMatchObject({ count: 15n, name: 'it’s "me"' });
    expect(opens.name).toBe('inline-c.test');
  });

  it('may bring includes and a license of its own, and takes options', async () => {
    const compiled = await bpf({ flags: ['-DANSWER=42'] })`
      #include <linux/bpf.h>
      #include <bpf/bpf_helpers.h>
      int answer = ANSWER;
      char mine[] SEC("license") = "Dual MIT/GPL";
      SEC("socket") int f(void *ctx) { return 0; }`;
    await using opened = await open(compiled);
    expect(Buffer.from(compiled.object).includes('Dual MIT/GPL\0')).toBe(true);
    expect(Buffer.from(compiled.object).includes('libbpf_ts_license')).toBe(false);
    expect(opened.globals.data).toEqual({ answer: 42 });
    expect(compiled.source).toBe(here);
  });

  it('is refused by clang with the line that it stands in', async () => {
    const error = await errorOf(
      () => bpf`
      SEC("socket") int f(void *ctx) {
        return no_such_name; // clang
      }`,
    );
    expect(error.code).toBe('ERR_BPF_CLANG');
    expect(error.message).toContain(`${here}:${lineOf('no_such_name; // clang')}:`);
    expect(error.message).toMatch(
      /^compile C of .*inline-c\.test\.ts:\d+: ERR_BPF_CLANG, .*undeclared identifier/,
    );
  });

  it('is refused by the verifier with the line that it stands in', async () => {
    const error = await errorOf(() =>
      load(bpf`
      SEC("xdp") int f(struct xdp_md *ctx) {
        return *(int *)(long)ctx->data; // verifier
      }`),
    );
    expect(error).toBeInstanceOf(VerifierError);
    expect(error.message).toContain(`${here}:${lineOf('ctx->data; // verifier')}`);
  });

  it('says what is missing where there is no clang', async () => {
    const error = await errorOf(() => bpf({ clang: '/no/such/clang' })`int x;`);
    expect(error.code).toBe('ERR_BPF_CLANG');
    expect(error.message).toMatch(/\/no\/such\/clang is no program here/);
  });

  it('refuses values in strings and comments, and options that there are not', async () => {
    expect(() => bpf({ flag: [] } as never)).toThrow(/there is no option flag; .*flags/);
    expect(() => bpf(5 as never)).toThrow(/ERR_BPF_ARGUMENT/);
    expect((await errorOf(() => bpf`char x[] = "${1}";`)).message).toMatch(/value 1 stands in a string/);
  });

  it('leaves nothing behind', async () => {
    const before = readdirSync(tmpdir()).filter(name => name.startsWith('libbpf-ts-build'));
    await bpf`int x;`;
    await errorOf(() => bpf`int x`);
    expect(readdirSync(tmpdir()).filter(name => name.startsWith('libbpf-ts-build'))).toEqual(before);
  });

  it('is compiled from a file too', async () => {
    const path = join(mkdtempSync(temporary('c')), 'counting.bpf.c');
    writeFileSync(
      path,
      '#include "vmlinux.h"\n#include <bpf/bpf_helpers.h>\nint x = 7;\nSEC("socket") int f(void *c) { return x; }\n',
    );
    await using object = await load(await compile(path));
    expect([object.name, object.globals.data]).toEqual(['counting', { x: 7 }]);
  });
});
