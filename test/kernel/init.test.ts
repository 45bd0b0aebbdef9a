/** Projects of `libbpf-ts init` that few machines' own kernels can run. */
import { expect, it } from 'vitest';
import { need } from '../support/need.js';
import { firstLine } from '../support/project.js';

it.each(['kprobe', 'fentry', 'lsm'] as const)(
  'a %s project shows at once what it is for',
  async (kind, context) => {
    need(context as never, kind);
    const { line, errors, code } = await firstLine(kind);
    expect({ errors, code }).toEqual({ errors: '', code: 0 });
    expect(line).toMatch(/^\S+ \(\d+\) opens \S+$/);
  },
);
