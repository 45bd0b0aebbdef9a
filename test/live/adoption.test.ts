/** An object that takes over from itself: what every kernel pins, updates and replaces. */
import { loadOrAdopt } from 'libbpf-ts';
import { expect, it } from 'vitest';
import { probe } from '../bpf/probe.bpf.js';
import { BpfFileSystem } from '../support/bpffs.js';
import { untilGone } from '../support/child.js';
import { callGetppid, watchGetppid } from '../support/getppid.js';
import { need } from '../support/need.js';
import { Namespace } from '../support/network.js';

it('goes on with its maps, in the same link', async context => {
  need(context, 'xdp');
  using files = new BpfFileSystem();
  using namespace = new Namespace();
  const adopt = async () => {
    const place = { interface: 'lo', netns: namespace.path };
    return loadOrAdopt(await probe.open(watchGetppid), {
      folder: `${files.path}/probe`,
      attach: { passed: place },
    });
  };
  const first = await adopt();
  callGetppid(3);
  const { seen } = first.object.globals.bss;
  const [passed, entered] = [first.links.passed?.info.id, first.links.entered?.info.id ?? 0];
  for (const link of Object.values(first.links)) await link.close();
  await first.object.close();
  const second = await adopt();
  expect(Object.fromEntries(second.report.map(({ name, outcome }) => [name, outcome]))).toEqual({
    counts: 'adopted',
    tallies: 'adopted',
    slots: 'adopted',
    jumps: 'replaced',
    events: 'adopted',
    '.data': 'adopted',
    '.bss': 'adopted',
    entered: 'replaced',
    passed: 'updated',
  });
  expect(second.links.passed?.info.id).toBe(passed);
  await untilGone('link', entered);
  callGetppid(2);
  expect(seen).toBe(3n);
  expect(second.object.globals.bss.seen).toBe(5n);
  expect(second.object.maps.events.drain()).toHaveLength(5);
  for (const link of Object.values(second.links)) await link.detach();
  await second.object.close();
});
