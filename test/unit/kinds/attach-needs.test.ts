/** What the table says that a kind needs is what its attacher asks for. */
import { describe, expect, it } from 'vitest';
import { attacherOf } from '../../../lib/attach/attachers.js';
import { type AttachKind, type AttachKindName, attachKinds } from '../../../lib/kinds/attach-kinds.js';
import type { ProgramHandle } from '../../../lib/native/native.js';

const kinds = Object.entries<AttachKind>(attachKinds).filter(
  ([name, { needs }]) => needs !== undefined && name !== 'netns',
);

describe('a program whose section does not say where', () => {
  it.each(kinds)(
    'of kind %s is asked for it by the name in the table',
    (name, { needs = [], sections: [pattern = ''] }) => {
      const section = pattern.replace('+', '');
      const site = { program: {} as ProgramHandle, operation: 'attach p', section, target: undefined };
      const attach = () => attacherOf(name as AttachKindName)?.(site, {}).next();
      expect(attach).toThrow(/neither does the option (\w+)/);
      const asked = caught(attach).match(/neither does the option (\w+)/)?.[1];
      expect(needs).toContain(asked);
    },
  );
});

function caught(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return String(error);
  }
  return '';
}
