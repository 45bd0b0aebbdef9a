/** What the table says that a kind needs is what its attacher asks for. */
import { describe, expect, it } from 'vitest';
import type { AttachKind } from '../../../lib/attach/attach-kind.js';
import { attachKinds } from '../../../lib/attach/table.js';
import type { ProgramHandle } from '../../../lib/native/native.js';

const kinds = Object.entries<AttachKind>(attachKinds).filter(
  ([name, { needs }]) => needs !== undefined && name !== 'netns',
);

describe('a program whose section does not say where', () => {
  it.each(kinds)('of kind %s is asked for it by the name in the table', (_name, kind) => {
    const { needs = [], sections } = kind;
    const section = (sections[0] ?? '').replace('+', '');
    const program = {} as ProgramHandle;
    const request = { kind, program, operation: 'attach p', section, alone: false, target: undefined };
    const attach = () => kind.attach?.(request, {}).next();
    expect(attach).toThrow(/neither does the option (\w+)/);
    const asked = caught(attach).match(/neither does the option (\w+)/)?.[1];
    expect(needs).toContain(asked);
  });
});

function caught(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return String(error);
  }
  return '';
}
