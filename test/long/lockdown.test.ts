/** A kernel that is locked down, in a guest of its own: nobody can undo it. The error names it, and what does without. */
import { describe, expect, it } from 'vitest';
import { inGuest } from '../support/guest-script.js';

/** Loads a program that reads kernel memory, before and after; then asks the doctor. */
const script = `
  import { writeFileSync } from 'node:fs';
  import { load } from 'libbpf-ts';
import { doctor } from 'libbpf-ts/features';
  const mode = '/sys/kernel/security/lockdown';
  const attempt = () => load('test/bpf/locked.bpf.o').then(bpf => bpf.close().then(() => 'loaded'), error => error.message);
  console.log(await attempt());
  for (const next of ['integrity', 'confidentiality']) {
    writeFileSync(mode, next);
    console.log(next, await attempt());
  }
  const { settings, problems } = await doctor();
  console.log(settings.lockdown, problems.map(({ what }) => what).filter(what => /locked down/.test(what)).join());
`;

describe.each(['6.12', '7.2'])('Linux %s', name => {
  it('locked down, hides helpers and says so', async () => {
    const lines = (await inGuest(name, script)).trim().split('\n');
    expect(lines).toEqual([
      'loaded',
      'integrity loaded',
      expect.stringMatching(
        /^confidentiality load locked: ERR_BPF_VERIFIER, .* \(the kernel is locked down \(confidentiality\), which hides bpf_probe_read_kernel: /,
      ),
      'confidentiality the kernel is locked down: programs may not read its memory',
    ]);
  });
});
