/** Functions of native/events: rings, perf events, watchers. */
import type {
  Errno,
  MapHandle,
  PerfEventHandle,
  PerfWatcherHandle,
  RingBufferHandle,
  Status,
  UserRingBufferHandle,
  WatcherHandle,
} from './handles.js';

/** Calls that take less than a microsecond or so, or only look. */
export interface EventsCalls {
  ringBufferOpen(map: MapHandle): RingBufferHandle | Errno;
  /** `report`: 32-bit words: bytes used, each record's length, bytes that waited, bytes needed, bytes lost, copied. */
  ringBufferDrain(ring: RingBufferHandle, out: Uint8Array, maxRecords: number, report: Uint8Array): Status;
  /** Counts, and copies and commits what `out` has room for. */
  ringBufferScan(
    ring: RingBufferHandle,
    out: Uint8Array,
    bytes: number,
    maxRecords: number,
    report: Uint8Array,
  ): Status;
  ringBufferTake(ring: RingBufferHandle, out: Uint8Array): Status;
  ringBufferSkip(ring: RingBufferHandle): Status;
  ringBufferAvailable(ring: RingBufferHandle): Status;
  ringBufferFd(ring: RingBufferHandle): Status;
  ringBufferClose(ring: RingBufferHandle): Status;
  userRingBufferOpen(map: MapHandle): UserRingBufferHandle | Errno;
  /** The reservation's number. */
  userRingBufferReserve(ring: UserRingBufferHandle, size: number): Status;
  userRingBufferSubmit(ring: UserRingBufferHandle, reservation: number, bytes: Uint8Array): Status;
  userRingBufferDiscard(ring: UserRingBufferHandle, reservation: number): Status;
  /** Readable when a program has drained something since the last attempt to reserve. */
  userRingBufferFd(ring: UserRingBufferHandle): Status;
  userRingBufferClose(ring: UserRingBufferHandle): Status;
  perfEventOpen(attr: Uint8Array, pid: number, cpu: number, groupFd: number): PerfEventHandle | Errno;
  perfEventFd(event: PerfEventHandle): Status;
  perfEventEnable(event: PerfEventHandle): Status;
  perfEventDisable(event: PerfEventHandle): Status;
  perfEventReset(event: PerfEventHandle): Status;
  perfEventPauseOutput(event: PerfEventHandle, pause: boolean): Status;
  perfEventRead(event: PerfEventHandle, out: Uint8Array): Status;
  perfEventMap(event: PerfEventHandle, bytes: number, backward: boolean): Status;
  /** `report`: 16 bytes: u32 used, u32 needed by a record that did not fit, u64 lost. */
  perfEventDrain(
    event: PerfEventHandle,
    out: Uint8Array,
    maxRecords: number,
    note: number,
    timed: boolean,
    report: Uint8Array,
  ): Status;
  perfEventAvailable(event: PerfEventHandle): Status;
  perfEventClose(event: PerfEventHandle): Status;
  /** `threaded`: a thread waits where the runtime has no libuv. */
  perfWatcherOpen(onReadable: () => void, threaded: boolean): PerfWatcherHandle | Errno;
  perfWatcherAdd(watcher: PerfWatcherHandle, event: PerfEventHandle): Status;
  /** 1 where something came already. */
  perfWatcherArm(watcher: PerfWatcherHandle): Status;
  perfWatcherDisarm(watcher: PerfWatcherHandle): Status;
  perfWatcherKeepAlive(watcher: PerfWatcherHandle, alive: boolean): Status;
  perfWatcherClose(watcher: PerfWatcherHandle): Status;
  /** Calls back with the descriptors that were reported, or, at a tick, with none. */
  watcherOpen(callback: (...fds: number[]) => void, threaded: boolean): WatcherHandle | Errno;
  watcherArm(watcher: WatcherHandle, fd: number, once: boolean): Status;
  watcherForget(watcher: WatcherHandle, fd: number): Status;
  /** Every so many milliseconds; 0: no more. */
  watcherTick(watcher: WatcherHandle, milliseconds: number): Status;
  watcherKeepAlive(watcher: WatcherHandle, alive: boolean): Status;
  watcherClose(watcher: WatcherHandle): Status;
}
