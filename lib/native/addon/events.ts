/** Functions of native/events: rings, perf events, watchers. */
import type {
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
  ringBufferOpen(map: MapHandle): RingBufferHandle | Status;
  /** `report`: 32-bit words: bytes used, each record's length, bytes that waited, bytes needed, bytes lost, copied. */
  ringBufferDrain(
    ring: RingBufferHandle,
    out: Uint8Array,
    maxRecords: number,
    report: Uint8Array,
  ): number | Status;
  /** Counts, and copies and commits what `out` has room for. */
  ringBufferScan(
    ring: RingBufferHandle,
    out: Uint8Array,
    bytes: number,
    maxRecords: number,
    report: Uint8Array,
  ): number | Status;
  ringBufferTake(ring: RingBufferHandle, out: Uint8Array): Status;
  ringBufferSkip(ring: RingBufferHandle): Status;
  ringBufferAvailable(ring: RingBufferHandle): number | Status;
  ringBufferFd(ring: RingBufferHandle): number | Status;
  ringBufferClose(ring: RingBufferHandle): Status;
  userRingBufferOpen(map: MapHandle): UserRingBufferHandle | Status;
  /** The reservation's number. */
  userRingBufferReserve(ring: UserRingBufferHandle, size: number): number | Status;
  userRingBufferSubmit(ring: UserRingBufferHandle, reservation: number, bytes: Uint8Array): Status;
  userRingBufferDiscard(ring: UserRingBufferHandle, reservation: number): Status;
  /** Readable when a program has drained something since the last attempt to reserve. */
  userRingBufferFd(ring: UserRingBufferHandle): number | Status;
  userRingBufferClose(ring: UserRingBufferHandle): Status;
  perfEventOpen(attr: Uint8Array, pid: number, cpu: number, groupFd: number): PerfEventHandle | Status;
  perfEventFd(event: PerfEventHandle): number | Status;
  perfEventEnable(event: PerfEventHandle): Status;
  perfEventDisable(event: PerfEventHandle): Status;
  perfEventReset(event: PerfEventHandle): Status;
  perfEventPauseOutput(event: PerfEventHandle, pause: boolean): Status;
  perfEventRead(event: PerfEventHandle, out: Uint8Array): number | Status;
  perfEventMap(event: PerfEventHandle, bytes: number, backward: boolean): Status;
  /** `report`: 16 bytes: u32 used, u32 needed by a record that did not fit, u64 lost. */
  perfEventDrain(
    event: PerfEventHandle,
    out: Uint8Array,
    maxRecords: number,
    note: number,
    timed: boolean,
    report: Uint8Array,
  ): number | Status;
  perfEventAvailable(event: PerfEventHandle): number | Status;
  perfEventClose(event: PerfEventHandle): Status;
  perfWatcherOpen(onReadable: () => void): PerfWatcherHandle | Status;
  perfWatcherAdd(watcher: PerfWatcherHandle, event: PerfEventHandle): Status;
  /** 1 where something came already. */
  perfWatcherArm(watcher: PerfWatcherHandle): number | Status;
  perfWatcherDisarm(watcher: PerfWatcherHandle): Status;
  perfWatcherKeepAlive(watcher: PerfWatcherHandle, alive: boolean): Status;
  perfWatcherClose(watcher: PerfWatcherHandle): Status;
  /** Calls back with the descriptors that were reported, or, at a tick, with none. */
  watcherOpen(callback: (...fds: number[]) => void): WatcherHandle | Status;
  watcherArm(watcher: WatcherHandle, fd: number, once: boolean): Status;
  watcherForget(watcher: WatcherHandle, fd: number): Status;
  /** Every so many milliseconds; 0: no more. */
  watcherTick(watcher: WatcherHandle, milliseconds: number): Status;
  watcherKeepAlive(watcher: WatcherHandle, alive: boolean): Status;
  watcherClose(watcher: WatcherHandle): Status;
}
