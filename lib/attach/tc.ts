/** tc filters: packets of an interface in the network stack, on kernels before tcx too. */
import { job } from '../native/flow.js';
import { atInterface, type InterfaceOptions, type Place } from './interface.js';
import { occupants } from './occupant.js';
import { type Meanings, meaning, settled } from './refusal.js';
import type { Attacher } from './site.js';
import { known, wanted } from './wanted.js';

/** `BPF_TC_INGRESS`, `BPF_TC_EGRESS`. */
export const points = { ingress: 1, egress: 2 } as const;

/**
 * A filter of the clsact queueing discipline, which is made where it is missing and removed with the last filter if
 * it was made. The kernel has no links of filters: one stays when the process is killed.
 */
export interface TcOptions extends InterfaceOptions {
  readonly direction: keyof typeof points;
  /** Filters with a lower one run first; chosen by the kernel by default. */
  readonly priority?: number;
  /** The filter's number within its priority; chosen by the kernel by default. */
  readonly handle?: number;
  /** Take the place of the filter with this priority and handle. */
  readonly replace?: boolean;
}

/** `BPF_TC_F_REPLACE`. */
const replaceFlag = 1;

/** tc and classifier. */
export const attachTc: Attacher<Partial<TcOptions>> = (site, options) =>
  atInterface(site, options, function* (place) {
    const direction = wanted(site, 'direction', options.direction, 'the direction');
    const { handle = 0, priority = 0, replace = false } = options;
    const filter = [known(site, 'direction', points, direction), handle, priority] as const;
    const flags = replace ? replaceFlag : 0;
    const outcome = yield* job('programAttachTc', site.program, place.netns, place.index, ...filter, flags);
    return yield* settled(site, `${direction} of ${place.where}`, outcome, meanings(place, filter));
  });

function meanings({ netns, index }: Place, filter: readonly [number, number, number]): Meanings {
  return {
    EEXIST: function* () {
      const [id] = yield* job('tcQueryId', netns, index, ...filter);
      return yield* occupants([Number(id)], 'another priority or handle, or replace: true');
    },
    ENOENT: meaning('there is no filter with this priority and handle to replace'),
  };
}
