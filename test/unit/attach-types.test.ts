/** The table of attach types, beside the kernel's own header. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { attachTypeName, attachTypes } from '../../lib/kinds/attach-types.js';

const root = new URL('../../', import.meta.url);
const { version } = JSON.parse(readFileSync(new URL('native/deps/libbpf.json', root), 'utf8'));
const header = readFileSync(new URL(`build/deps/libbpf-${version}/include/uapi/linux/bpf.h`, root), 'utf8');

it('has the names of `enum bpf_attach_type`, in its order', () => {
  const [, body = ''] = /enum bpf_attach_type \{([^}]*)\}/.exec(header) ?? [];
  const names = Array.from(body.matchAll(/^\tBPF_(\w+),/gm), ([, name = '']) => name.toLowerCase());
  expect(names.length).toBeGreaterThan(50);
  expect([...attachTypes]).toEqual(names);
});

it('tells a number that it does not know', () => {
  expect([attachTypeName(10), attachTypeName(999)]).toEqual(['cgroup_inet4_connect', 'unknown 999']);
});
