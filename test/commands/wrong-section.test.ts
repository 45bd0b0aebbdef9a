/** A section that libbpf does not know: it is named, and everything else of the object is of use. */
import { writeFileSync } from 'node:fs';
import { open } from 'libbpf-ts';
import { expect, it } from 'vitest';
import { checkout, ended } from '../support/child.js';
import { temporary } from '../support/temporary.js';

const source = `
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
SEC("kprob/x") int wrong(void* ctx) { return 0; }
SEC("raw_tp/sys_enter") int right(void* ctx) { return 0; }
char LICENSE[] SEC("license") = "GPL";
`;

it('a wrong section is named by load, and by attach', async () => {
  const file = temporary('wrong.bpf.c');
  writeFileSync(file, source);
  const built = await ended(process.execPath, ['dist/cli/main.js', 'build', file], { cwd: checkout });
  expect(built.stderr).toMatch(
    /^\S+: libbpf knows no section kprob\/x, that of program wrong \(is kprobe meant\?\)\n$/,
  );
  const object = file.replace(/c$/, 'o');
  const opened = await open(object);
  await expect(opened.load()).rejects.toThrow(/^load wrong: EINVAL, .*'wrong': .*section name 'kprob\/x'/);
  const again = await open(object);
  for (const program of Object.values(again.programs)) program.autoload = program.name === 'right';
  await using bpf = await again.load();
  const { wrong, right } = bpf.programs;
  await expect(wrong?.attach()).rejects.toThrow(/kprob\/x/);
  await using link = await right?.attach();
  expect(link?.info.type).toBe('raw_tracepoint');
});
