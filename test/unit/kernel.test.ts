/** What we know of the running kernel, against the kernel's own words. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { isOlderThan, kernelRelease, missingOptions } from '../../lib/host/kernel.js';

const [, major = '', minor = ''] =
  /^(\d+)\.(\d+)/.exec(execFileSync('uname', ['-r'], { encoding: 'utf8' })) ?? [];

describe('the kernel', () => {
  it('is compared by version, number by number', () => {
    expect(kernelRelease.startsWith(`${major}.${minor}`)).toBe(true);
    expect(isOlderThan(`${major}.${minor}`)).toBe(false);
    expect(isOlderThan(`${major}.${Number(minor) + 1}`)).toBe(true);
    expect(isOlderThan(`${Number(major) + 1}.0`)).toBe(true);
    expect(isOlderThan(`${Number(major) - 1}.999`)).toBe(false);
  });

  it('has the options that it was built with', () => {
    expect(missingOptions(['BPF_SYSCALL', 'NET'])).toEqual([]);
    expect(['NO_SUCH_OPTION', undefined]).toContain(missingOptions(['BPF_SYSCALL', 'NO_SUCH_OPTION'])[0]);
  });
});
