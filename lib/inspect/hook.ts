/** Who sits at a hook, by the section of its programs. */

import type { KindOf } from '../attach/arguments.js';
import { type CgroupOptions, inCgroup } from '../attach/cgroup.js';
import { opened } from '../attach/file.js';
import { atInterface, type InterfaceOptions } from '../attach/interface.js';
import type { LircOptions } from '../attach/lirc.js';
import { inNetns, type NetnsOptions } from '../attach/netns.js';
import type { Subject } from '../attach/site.js';
import type { SockmapOptions } from '../attach/sockmap.js';
import { points, type TcOptions } from '../attach/tc.js';
import { known, wanted } from '../attach/wanted.js';
import { argumentError, requireObject, requireText } from '../errors/arguments.js';
import { attachKindOf } from '../kinds/attach-kinds.js';
import { type Flow, run } from '../native/flow.js';
import { ownNetns } from '../native/interfaces.js';
import { type Hook, listedHook, tcHook, xdpHook } from './hook-answer.js';

/** Which cgroup; `effective`: with the programs of those above it, as they run. */
export interface CgroupHook extends Pick<CgroupOptions, 'cgroup'> {
  readonly effective?: boolean;
}

interface HooksByKind {
  cgroup: CgroupHook;
  lsm_cgroup: CgroupHook;
  xdp: InterfaceOptions;
  tc: Pick<TcOptions, keyof InterfaceOptions | 'direction'>;
  tcx: InterfaceOptions;
  netkit: InterfaceOptions;
  netns: NetnsOptions;
  sockmap: Pick<SockmapOptions, 'map'>;
  lirc: LircOptions;
}

/** Where a hook is, by the section of its programs. */
export type HookPlace<S extends string> = string extends S
  ? Partial<HooksByKind[keyof HooksByKind]>
  : KindOf<S> extends infer Kind extends keyof HooksByKind
    ? HooksByKind[Kind]
    : { readonly 'this hook cannot be asked': `the kernel keeps no list of programs of section ${S}` };

/**
 * Asks a hook for its programs.
 *
 * @param section - of the programs that it takes, as `tcx/ingress` or `cgroup/connect4`.
 * @throws BpfError `ERR_BPF_ARGUMENT` for a section whose hooks cannot be asked; otherwise the errno's name.
 * @since Linux 4.15; revisions and links of tcx and netkit 6.6, of cgroups 6.17
 * @example
 * ```ts
 * const { programs, revision } = await queryHook('tcx/ingress', { interface: 'lo' });
 * console.log(revision, programs.map(({ name }) => name));
 * ```
 */
export function queryHook<const S extends string>(section: S, place: HookPlace<S>): Promise<Hook> {
  requireText('query a hook', 'a section', section);
  requireObject(`query ${section}`, 'a place is an object', place);
  return run(asked({ operation: `query ${section}`, section }, place as Place));
}

type Place = Partial<CgroupHook & InterfaceOptions & NetnsOptions & LircOptions & TcOptions & SockmapOptions>;

/** @internal {@link queryHook} as a flow. */
export function* asked(subject: Subject, place: Place): Flow<Hook> {
  switch (attachKindOf(subject.section)) {
    case 'cgroup':
    case 'lsm_cgroup':
      return yield* inCgroup(subject, place.cgroup, fd =>
        listedHook(subject, { netns: ownNetns, target: fd }, place.effective),
      );
    case 'xdp':
      return yield* atInterface(subject, place, ({ netns, index }) => xdpHook(subject, netns, index));
    case 'tc': {
      const direction = known(
        subject,
        'direction',
        points,
        wanted(subject, 'direction', place.direction, 'the direction'),
      );
      return yield* atInterface(subject, place, ({ netns, index }) =>
        tcHook(subject, netns, index, clsact + direction),
      );
    }
    case 'tcx':
    case 'netkit':
      return yield* atInterface(subject, place, ({ netns, index }) =>
        listedHook(subject, { netns, target: index }),
      );
    case 'netns':
      return yield* inNetns(subject, place.netns ?? '/proc/self/ns/net', fd =>
        listedHook(subject, { netns: ownNetns, target: fd }),
      );
    case 'sockmap': {
      const map = wanted(subject, 'map', place.map, 'which sockmap');
      return yield* listedHook(subject, { netns: ownNetns, target: typeof map === 'number' ? map : map.fd });
    }
    case 'lirc': {
      const device = wanted(subject, 'device', place.device, 'which device');
      const expected = { operation: subject.operation, what: 'a device as /dev/lirc0' };
      return yield* opened(device, expected, fd => listedHook(subject, { netns: ownNetns, target: fd }));
    }
    default:
      throw argumentError(
        subject.operation,
        `the kernel keeps no list of programs of section ${subject.section}`,
      );
  }
}

/** What the filters of a direction have for a parent, before its number is added: `TC_H_CLSACT`. */
const clsact = 0xfffffff1;
