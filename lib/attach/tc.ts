/** Packets of an interface in the network stack, on kernels before tcx too: tc and classifier. */
import * as sections from '../kinds/section-kinds.js';
import { job } from '../native/flow.js';
import { type Attacher, type AttachKind, capabilities, type HookQuery } from './attach-kind.js';
import { describePrograms } from './attached-programs.js';
import { tcHook } from './hook-query.js';
import { atInterface, type InterfaceOptions, type Place } from './interface.js';
import { flagOf, requireOption } from './options-check.js';
import { type Explanations, explanation, linkOrThrow } from './result.js';

/** `BPF_TC_INGRESS`, `BPF_TC_EGRESS`. */
const points = { ingress: 1, egress: 2 } as const;

/**
 * A filter of the clsact queueing discipline, which is made where it is missing and removed with the last filter if
 * it was made. The kernel has no links of filters (cls_bpf_change() in net/sched/cls_bpf.c): one stays when the
 * process is killed.
 *
 * @since Linux 4.1
 */
export interface TcOptions extends InterfaceOptions {
  readonly direction: 'ingress' | 'egress';
  /** Filters with a lower one run first; chosen by the kernel by default (tcf_auto_prio() in net/sched/cls_api.c). */
  readonly priority?: number;
  /**
   * The filter's number within its priority; chosen by the kernel by default (cls_bpf_change() in
   * net/sched/cls_bpf.c).
   */
  readonly handle?: number;
  /** Take the place of the filter with this priority and handle. */
  readonly replace?: boolean;
}

/** `BPF_TC_F_REPLACE`. */
const replaceFlag = 1;

const attachTc: Attacher<TcOptions> = (request, options) =>
  atInterface(request, options, function* (place) {
    const direction = requireOption(request, 'direction', options.direction, 'the direction');
    const { handle = 0, priority = 0, replace = false } = options;
    const filter = [flagOf(request, 'direction', points, direction), handle, priority] as const;
    const flags = replace ? replaceFlag : 0;
    const outcome = yield* job(
      'programAttachTc',
      request.program,
      place.netns,
      place.index,
      ...filter,
      flags,
    );
    return yield* linkOrThrow(
      request,
      `${direction} of ${place.where}`,
      outcome,
      explanations(place, filter),
    );
  });

function explanations({ netns, index }: Place, filter: readonly [number, number, number]): Explanations {
  return {
    EEXIST: function* () {
      const [id] = yield* job('tcQueryId', netns, index, ...filter);
      return yield* describePrograms([Number(id)], 'another priority or handle, or replace: true');
    },
    ENOENT: explanation('there is no filter with this priority and handle to replace'),
  };
}

/** Which direction of which interface. */
export type TcHook = Pick<TcOptions, keyof InterfaceOptions | 'direction'>;

const queryTc: HookQuery<TcHook> = (context, place) => {
  const direction = requireOption(context, 'direction', place.direction, 'the direction');
  const parent = clsact + flagOf(context, 'direction', points, direction);
  return atInterface(context, place, ({ netns, index }) => tcHook(context, netns, index, parent));
};

/** What the filters of a direction have for a parent, before its number is added: `TC_H_CLSACT`. */
const clsact = 0xfffffff1;

export const tc = {
  sections: sections.tc,
  since: '4.1',
  config: ['NET_CLS_BPF', 'NET_SCH_INGRESS'],
  capabilities: capabilities.network,
  needs: ['interface', 'direction'],
  takes: ['interface', 'netns', 'direction', 'priority', 'handle', 'replace'],
  attach: attachTc,
  asks: ['interface', 'netns', 'direction'],
  query: queryTc,
} as const satisfies AttachKind;
