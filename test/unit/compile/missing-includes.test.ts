/** Headers that a program lacks, where the package was not built as a whole. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { missingIncludes } from '../../../lib/compile/missing-includes.js';
import { temporary } from '../../support/temporary.js';

it('are looked for among those that are there', () => {
  const libbpf = temporary('include');
  mkdirSync(join(libbpf, 'bpf'), { recursive: true });
  writeFileSync(join(libbpf, 'bpf/bpf_endian.h'), '#define bpf_ntohs(x) (x)\n');
  const messages =
    "x.bpf.c:3:10: error: call to undeclared function 'bpf_ntohs'; ISO C99 does not support it";
  const advice = missingIncludes(messages, '', { vmlinux: undefined, libbpf });
  expect(advice).toBe('#include <bpf/bpf_endian.h> for bpf_ntohs');
});
