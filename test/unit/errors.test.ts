/** Errors: what they say, how they print, and that their codes are written down. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { BpfError } from '../../lib/errors/bpf-error.js';
import { errnoError } from '../../lib/native/errno.js';

const listed = /^ {2}\/\*\* [A-Za-z].*\. \*\/\n {2}\| '(ERR_BPF_\w+)'/gm;
const codes = Array.from(
  readFileSync('lib/errors/bpf-error.ts', 'utf8').matchAll(listed),
  ([, code]) => code,
);

describe('an error', () => {
  const cause = new Error('underneath');
  const error = new BpfError({
    code: 'EPERM',
    operation: 'load x',
    reason: 'not permitted',
    hint: 'run as root',
    errno: -1,
    log: 'libbpf: no',
    cause,
  });

  it('says what was tried, the code, why, and what to do; and keeps what caused it', () => {
    expect(error.message).toBe('load x: EPERM, not permitted (run as root)');
    expect(error.cause).toBe(cause);
    expect(errnoError(-1, 'load x', { hint: 'run as root' })).not.toHaveProperty('cause');
  });

  it('prints its name and message first, and all that it knows', () => {
    const printed = inspect(error);
    expect(printed).toMatch(/^BpfError: load x: EPERM, not permitted \(run as root\)\n {4}at /);
    for (const part of ["code: 'EPERM'", "operation: 'load x'", 'errno: -1', "log: 'libbpf: no'"])
      expect(printed).toContain(part);
    expect(printed).toContain('[cause]: Error: underneath');
    expect(inspect(new BpfError({ code: 'EPERM', operation: 'a', reason: 'b' }))).not.toMatch(/undefined/);
  });
});

describe('the codes', () => {
  it('are written down with their meaning, each that is used and no other', () => {
    const files = readdirSync('lib', { recursive: true, encoding: 'utf8' }).filter(name =>
      name.endsWith('.ts'),
    );
    const others = files
      .filter(name => name !== 'errors/bpf-error.ts')
      .map(name => readFileSync(join('lib', name), 'utf8'));
    const used = others.flatMap(text => text.match(/(?<=')ERR_BPF_\w+(?=')/g) ?? []);
    expect([...new Set(used)].sort()).toEqual(codes);
  });
});
