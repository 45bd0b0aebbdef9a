/** Infrared receivers. */
import { job } from '../native/flow.js';
import { ownNetns } from '../native/interfaces.js';
import { opened } from './file.js';
import { settled } from './refusal.js';
import type { Attacher } from './site.js';
import { wanted } from './wanted.js';

/** One receiver of raw infrared. The kernel has no links of it: the program stays when the process is killed. */
export interface LircOptions {
  /** As `/dev/lirc0`. */
  readonly device: string;
}

/** lirc_mode2. */
export const attachLirc: Attacher<Partial<LircOptions>> = function* (site, options) {
  const device = wanted(site, 'device', options.device, 'which device');
  const expected = { operation: site.operation, what: 'a device as /dev/lirc0' };
  return yield* opened(device, expected, function* (fd) {
    const outcome = yield* job('programAttachProg', site.program, ownNetns, fd, false, 0, 0, 0, 0, 0n);
    return yield* settled(site, device, outcome);
  });
};
