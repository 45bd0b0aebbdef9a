/** Where a link is, in a few words. */

import type { LinkInfo, PerfEventInfo } from '../index.js';

/** The place, as far as the link's numbers tell it. */
export function linkPlace(info: LinkInfo): string {
  switch (info.type) {
    case 'raw_tracepoint':
      return info.name;
    case 'tracing':
      return `${info.attachType} of type ${info.targetBtfId} in BTF ${info.targetObjectId}`;
    case 'cgroup':
      return `${info.attachType} of cgroup ${info.cgroupId}`;
    case 'iter':
      return info.mapId === 0 ? info.target : `${info.target} of map ${info.mapId}`;
    case 'netns':
      return `${info.attachType} of network namespace ${info.inode}`;
    case 'xdp':
      return `interface ${info.ifindex}`;
    case 'tcx':
    case 'netkit':
      return `${info.attachType} of interface ${info.ifindex}`;
    case 'struct_ops':
      return `map ${info.mapId}`;
    case 'sockmap':
      return `${info.attachType} of map ${info.mapId}`;
    case 'netfilter':
      return `${info.family} ${info.hook}, priority ${info.priority}`;
    case 'kprobe_multi':
      return `${info.addresses.length} functions`;
    case 'uprobe_multi':
      return `${info.offsets.length} places of ${info.path}`;
    case 'perf_event':
      return eventPlace(info.event);
    default:
      return '';
  }
}

function eventPlace(event: PerfEventInfo): string {
  switch (event.type) {
    case 'kprobe':
    case 'kretprobe':
      return `${event.type} ${event.function}+${event.offset}`;
    case 'uprobe':
    case 'uretprobe':
      return `${event.type} ${event.path}+0x${event.offset.toString(16)}`;
    case 'tracepoint':
      return `tracepoint ${event.name}`;
    case 'event':
      return `event ${event.eventType}, config ${event.config}`;
    default:
      return event.type;
  }
}
