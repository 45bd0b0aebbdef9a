/** What the addon's functions take and give. */

declare const kind: unique symbol;

/** What JavaScript holds of a native thing; only the addon can look inside. */
interface NativeHandle<Kind extends string> {
  readonly [kind]: Kind;
}

export type ObjectHandle = NativeHandle<'object'>;
export type ProgramHandle = NativeHandle<'program'>;
export type LinkHandle = NativeHandle<'link'>;
export type MapHandle = NativeHandle<'map'>;
export type WalkHandle = NativeHandle<'walk'>;
export type RingBufferHandle = NativeHandle<'ring buffer'>;
export type UserRingBufferHandle = NativeHandle<'user ring buffer'>;
export type PerfEventHandle = NativeHandle<'perf event'>;
export type PerfWatcherHandle = NativeHandle<'perf watcher'>;
export type WatcherHandle = NativeHandle<'watcher'>;
export type LogListenerHandle = NativeHandle<'log listener'>;

/** A negative errno; 0, a count, a descriptor where the call succeeded. */
export type Status = number;

declare const failure: unique symbol;

/** A negative errno, where there is something else if the call succeeded; `failed()` tells. */
export type Errno = number & { readonly [failure]: true };
