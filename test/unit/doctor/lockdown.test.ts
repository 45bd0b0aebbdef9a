/** Helpers that a locked-down kernel hides, in the verifier's words of several kernels. */
import { expect, it } from 'vitest';
import { hiddenByLockdown } from '../../../lib/host/lockdown.js';

const unknown = (name: string) => `unknown func ${name}`;
const forbidden = (name: string) => `program of this type cannot use helper ${name}`;

it.each([
  ['bpf_probe_read_kernel#113', 'confidentiality'],
  ['bpf_probe_read#4', 'confidentiality'],
  ['bpf_probe_read_kernel_str#115', 'confidentiality'],
  ['bpf_probe_write_user#36', 'confidentiality'],
  ['bpf_probe_write_user#36', 'integrity'],
])('%s is hidden by %s', (helper, mode) => {
  for (const words of [unknown(helper), forbidden(helper)])
    expect(hiddenByLockdown(words, mode)).toMatch(
      new RegExp(`locked down \\(${mode}\\), which hides ${helper.replace(/#.*/, '')}: `),
    );
});

it.each([
  [unknown('bpf_probe_read_kernel#113'), 'integrity'],
  [unknown('bpf_probe_read_user#112'), 'confidentiality'],
  [forbidden('bpf_redirect#23'), 'confidentiality'],
  [unknown('bpf_probe_read_kernel#113'), 'none'],
  ['R1 type=scalar expected=fp, bpf_probe_read_kernel#113', 'confidentiality'],
])('%s is not by %s', (verdict, mode) => {
  expect(hiddenByLockdown(verdict, mode)).toBeUndefined();
});
