/**
 * What `struct bpf_link_info` tells of a link of a perf event (bpf_perf_link_fill_link_info() in
 * kernel/bpf/syscall.c).
 */
import { type LinkFields, places } from './link-fields.js';
import type { PerfEventInfo } from './link-info.js';

/** `enum bpf_perf_event_type`. */
const perfEventTypes = ['', 'uprobe', 'uretprobe', 'kprobe', 'kretprobe', 'tracepoint', 'event'] as const;

/** Reads which event it is. */
export function readPerfEvent(at: LinkFields, text: string): PerfEventInfo {
  const type = perfEventTypes[at.u32(places.perf_event.type)];
  switch (type) {
    case 'uprobe':
    case 'uretprobe':
      return {
        type,
        path: text,
        offset: at.u32(places.perf_event.uprobe.offset),
        cookie: at.u64(places.perf_event.uprobe.cookie),
      };
    case 'kprobe':
    case 'kretprobe':
      return {
        type,
        function: text,
        offset: at.u32(places.perf_event.kprobe.offset),
        address: at.u64(places.perf_event.kprobe.addr),
        missed: at.u64(places.perf_event.kprobe.missed),
        cookie: at.u64(places.perf_event.kprobe.cookie),
      };
    case 'tracepoint':
      return { type, name: text, cookie: at.u64(places.perf_event.tracepoint.cookie) };
    case 'event':
      return {
        type,
        config: at.u64(places.perf_event.event.config),
        eventType: at.u32(places.perf_event.event.type),
        cookie: at.u64(places.perf_event.event.cookie),
      };
    default:
      return { type: `unknown ${at.u32(places.perf_event.type)}` };
  }
}

/** Where it is, in a few words. */
export function perfEventPlace(event: PerfEventInfo): string {
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
