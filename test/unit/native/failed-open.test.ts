/** An object that does not fit its description is closed at once: nothing waits for the garbage collector. */
import { expect, it } from 'vitest';
import { runSync } from '../../../lib/native/flow.js';
import { type NativeApi, putBefore } from '../../../lib/native/native.js';
import { OpenObject } from '../../../lib/object/object.js';

it('closes what it has opened', () => {
  const handle = {};
  const closed: unknown[] = [];
  putBefore(
    () =>
      ({
        objectOpenSync: () => [handle, ''],
        objectMaps: () => [],
        objectPrograms: () => [],
        objectCloseSync: (object: unknown) => [closed.push(object) - 1, ''],
      }) as unknown as NativeApi,
  );
  const description = {
    name: 'x',
    programs: { missing: 'xdp' },
    maps: {},
    globals: {},
    object: { bytes: () => new Uint8Array() },
  };
  const opening = () =>
    runSync(
      OpenObject.open({ bytes: new Uint8Array(), subject: 'x.bpf.o' }, description, {
        programs: [],
        maps: [],
      }),
    );
  expect(opening).toThrow(/ERR_BPF_OBJECT.*it has no program missing/);
  expect(closed).toEqual([handle]);
});
