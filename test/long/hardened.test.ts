/** Dumps where the kernel blinds constants, in a guest of its own: the setting is the whole machine's. */
import { describe, expect, it } from 'vitest';
import { inGuest } from '../support/guest-script.js';

/** What we and bpftool say of one program, and what the source lines of its machine code are. */
const script = `
  import { execFileSync } from 'node:child_process';
  import { writeFileSync } from 'node:fs';
  import { load } from 'libbpf-ts';
import { dumpProgram } from 'libbpf-ts/inspect';
  writeFileSync('/proc/sys/net/core/bpf_jit_harden', '2');
  const bpf = await load('test/bpf/inspected.bpf.o');
  const { info, xlated, jited, hidden } = await dumpProgram(bpf.programs.count_calls_of_one_process);
  const text = execFileSync('bpftool', ['-j', 'prog', 'dump', 'xlated', 'id', String(info.id), 'linum']);
  const theirs = JSON.parse(text).map(({ disasm, src, line_num }) => [disasm, src ?? '', line_num ?? 0]);
  const ours = xlated.map(({ insn, text, source }) =>
    ['(' + insn.code.toString(16).padStart(2, '0') + ') ' + text, source?.text ?? '', source?.line ?? 0]);
  const lines = jited.map(({ lines }) => lines.map(({ source }) => source.line));
  console.log(JSON.stringify({ ours, theirs, lines, hidden }));
  await bpf.close();
`;

describe.each([
  ['6.1', [expect.stringMatching(/^source lines of instructions: .*bpf_jit_harden/)]],
  ['7.2', []],
])('Linux %s', (name, reasons) => {
  it('that blinds constants tells which source line is which, or that it does not know', async () => {
    const { ours, theirs, lines, hidden } = JSON.parse(await inGuest(name, script));
    expect(hidden).toEqual(reasons);
    expect(ours).toEqual(theirs);
    expect(lines.map((each: number[]) => each.length > 2)).toEqual([true, true]);
    expect(lines.flat()).toEqual(expect.arrayContaining([19, 26]));
  });
});
