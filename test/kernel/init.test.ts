/** Projects of `libbpf-ts init` that few machines' own kernels can run. */
import { describe, expect, it } from 'vitest';
import { need } from '../support/need.js';
import { firstLine } from '../support/project.js';

describe.each(['kprobe', 'fentry', 'lsm'] as const)('a %s project', kind => {
  it('shows at once what it is for', async context => {
    need(context, kind);
    const { line, errors, code } = await firstLine(kind);
    expect({ errors, code }).toEqual({ errors: '', code: 0 });
    expect(line).toMatch(/^\S+ \(\d+\) opens \S+$/);
  });
});
