/** The public door of libbpf-ts: objects, programs, links, maps, events, errors. Importing it does not load the addon. */

export type { Anchor, OrderOptions } from './attach/anchor.js';
export type {
  AnyAttachOptions,
  AttachArguments,
  AttachKindOf,
  CannotAttach,
  SectionMatch,
  SectionTarget,
} from './attach/arguments.js';
export type { CgroupOptions } from './attach/cgroup.js';
export type { FreplaceOptions } from './attach/freplace.js';
export type { InterfaceOptions } from './attach/interface.js';
export type { IterOptions, IterOrder } from './attach/iter.js';
export type { KprobeOptions, ProbeMode } from './attach/kprobe.js';
export type { KprobeMultiOptions } from './attach/kprobe-multi.js';
export type { KsyscallOptions } from './attach/ksyscall.js';
export type { LircOptions } from './attach/lirc.js';
export type { NetfilterOptions } from './attach/netfilter.js';
export type { NetkitOptions } from './attach/netkit.js';
export type { NetnsOptions } from './attach/netns.js';
export type { Netns } from './attach/network-namespace.js';
export type { PerfEventOptions } from './attach/perf-event.js';
export type { RawTracepointOptions } from './attach/raw-tracepoint.js';
export type { SkReuseportOptions } from './attach/sk-reuseport.js';
export type { SocketOptions } from './attach/socket.js';
export type { SockmapOptions } from './attach/sockmap.js';
export type {
  AttachKindBySection,
  AttachKindName,
  AttachOptionsByKind,
  InsteadOfAttach,
  SectionsByKind,
} from './attach/table.js';
export type { TcOptions } from './attach/tc.js';
export type { TcxOptions } from './attach/tcx.js';
export type { TraceOptions } from './attach/trace.js';
export type { TracedBinary } from './attach/traced-binary.js';
export type { TracepointOptions } from './attach/tracepoint.js';
export type { UprobeOptions } from './attach/uprobe.js';
export type { UprobeMultiOptions } from './attach/uprobe-multi.js';
export type { UsdtOptions } from './attach/usdt.js';
export type { XdpMode, XdpOptions } from './attach/xdp.js';
export { clock, type KernelClock } from './clock/clock.js';
export { BpfError, type BpfErrorCode, type BpfErrorParts } from './errors/bpf-error.js';
export { escapeControls, escapeLine } from './errors/escape.js';

export type { FlagList } from './errors/flags.js';

export type { Batch } from './events/batch.js';
export type { Column, Columns, NumberColumn } from './events/columns.js';
export type { Cursor } from './events/cursor.js';
export type { TextColumn } from './events/dictionary.js';
export type { EventStats, EventStream, Events } from './events/events.js';
export type { Listener } from './events/listeners.js';
export type { EventQueue, QueueOptions } from './events/queue.js';
export type { ListenOptions, ReadOptions } from './events/read-options.js';
export type { Recording } from './events/recording/recording.js';
export type { SourceCounts } from './events/source.js';
export type { ReserveOptions } from './events/user-ring-source.js';
export { cgroupId } from './host/cgroup-id.js';
export type { AttachTypeName } from './kinds/attach-types.js';
export type { LinkTypeName } from './kinds/link-types.js';
export { type MapFace, type MapKind, type MapKindName, mapKinds } from './kinds/map-kinds.js';
export type { NetfilterFamily, NetfilterHook } from './kinds/netfilter.js';
export type { ProgramFlagName } from './kinds/program-flags.js';
export type { ProgramTypeName } from './kinds/program-types.js';
export type { TestRunKindName, TestRunSections } from './kinds/test-runs.js';
export { IterLink } from './link/iter-link.js';
export { Link } from './link/link.js';
export type { LinkVia } from './link/link-handles.js';
export type { LinkInfo, PerfEventInfo } from './link/link-info.js';
export { openLink, openLinkSync } from './link/open.js';
export type { ProgramLike, StructOpsLike, UpdateLinkOptions } from './link/update.js';
export { ArenaMap, type ArenaPart } from './map/arena.js';
export { ArrayMap } from './map/array.js';
export { BloomFilter } from './map/bloom-filter.js';
export type { ColumnOf, MapColumns } from './map/bulk/columns.js';
export type { ReducedMap } from './map/bulk/reduced.js';
export type { Reducer } from './map/bulk/reduction.js';
export type { SnapshotOptions, Snapshots } from './map/bulk/snapshot.js';
export type { SweepOptions } from './map/bulk/sweep.js';
export { CgroupArray } from './map/cgroup-array.js';
export { CgroupStorageMap } from './map/cgroup-storage.js';
export { type Cpu, CpuMap } from './map/cpu-map.js';
export { type CreateMapOptions, createMap, createMapSync } from './map/create.js';
export { type Device, DeviceMap } from './map/device-map.js';
export { EventMap } from './map/event-map.js';
export { type HistogramBucket, readHistogram } from './map/histogram.js';
export type { IndexedMap } from './map/indexed.js';
export { InsnArray, type InstructionOffsets } from './map/insn-array.js';
export { KeyValueMap } from './map/key-value.js';
export type { LiveMap, MapClasses } from './map/live-map.js';
export type { MapBtf } from './map/load-types.js';
export { LpmTrie } from './map/lpm-trie.js';
export { BpfMap } from './map/map.js';
export { type MapFlag, type MapFlags, mapFlags } from './map/map-flags.js';
export type { MapInfo } from './map/map-info.js';
export { MapOfMaps } from './map/map-of-maps.js';
export type { MapBase, SharedMap } from './map/map-state.js';
export type { MappedArray } from './map/memory/mapped-array.js';
export type { Addend, MappedField } from './map/memory/mapped-field.js';
export type { NumberArray } from './map/memory/words.js';
export { OpaqueMap } from './map/opaque.js';
export { type OpenMapOptions, openMap, openMapSync } from './map/open.js';
export type { LikeKind } from './map/open-checks.js';
export { OpenMap } from './map/open-map.js';
export { type PerCpu, PerCpuArray, PerCpuMap } from './map/per-cpu.js';
export { PerfEventArray } from './map/perf-event-array.js';
export { ProgArray } from './map/prog-array.js';
export { QueueMap } from './map/queue.js';
export { RawKey } from './map/raw-key.js';
export type { CpuTarget, DeviceTarget } from './map/redirect.js';
export type { RemovableMap } from './map/removable.js';
export type { UnlikePolicy } from './map/reuse.js';
export { RingBuffer } from './map/ring-buffer.js';
export { SocketMap } from './map/socket-map.js';
export { type StackFrame, StackTraceMap } from './map/stack-traces.js';
export { type OwnerOf, StorageMap, type StorageOwners } from './map/storage.js';
export { StructOpsMap } from './map/struct-ops.js';
export type { LookupOptions, UpdateFlag, UpdateOptions } from './map/update-flags.js';
export { Reservation, UserRingBuffer } from './map/user-ring-buffer.js';
export type { Walk, WalkOptions } from './map/walk.js';
export { XskMap } from './map/xsk-map.js';
export { setAddonPath } from './native/addon-file.js';
export type { Closable, Resource } from './native/closable.js';
export type { WithDescriptor } from './native/descriptor.js';
export {
  type LibbpfLogLevel,
  type LibbpfMessage,
  onLibbpfLog,
} from './native/log-listener.js';
export type { NewInsns } from './native/owner.js';
export type { Pinnable } from './native/pinnable.js';
export type { KernelPlace } from './native/place.js';
export type { SocketLike } from './native/socket-descriptor.js';
export { libbpfVersion } from './native/version.js';
export {
  type AdoptedPart,
  type Adoption,
  type AdoptOptions,
  loadOrAdopt,
  loadOrAdoptSync,
  type Outcome,
  type StructOpsTableOf,
} from './object/adoption/index.js';
export type { Alternatives } from './object/alternatives.js';
export { type AssembledDescription, assembled } from './object/assembled.js';
export type {
  AttachAllOptions,
  Attachment,
  AttachOptionsOf,
  FailedProgram,
  SkippedProgram,
} from './object/attach-all.js';
export { atomicAdd, atomicCompareExchange } from './object/globals.js';
export { type AttachedName, LoadedObject } from './object/loaded-object.js';
export { OpenObject } from './object/object.js';
export { load, loadSync, type OpenOptions, open, openSync } from './object/open.js';
export type { OpeningOptions } from './object/open-options.js';
export { preload } from './object/parts.js';
export type { PinOptions } from './object/pinning.js';
export type { CompiledObject, ObjectFile } from './object/source.js';
export type { ContextOf, GlobalsOf, InitialGlobals, LoadedGlobalsOf } from './object/types.js';
export { VerifierError } from './object/verifier-error.js';
export { type TraceLine, type TracePipeOptions, tracePipe } from './output/trace-pipe.js';
export type { CountOptions } from './perf/count-options.js';
export { type CounterOptions, type CounterReading, PerfCounter } from './perf/counter.js';
export type { PerfEvent } from './perf/event-names.js';
export { PerfBuffer, type PerfBufferOptions, type PerfCpuStats } from './perf/perf-buffer.js';
export type { ProgramInfo } from './program/info.js';
export { kfunc } from './program/kfunc.js';
export type { LoadedProgram } from './program/loaded-program.js';
export { openProgram, openProgramSync } from './program/open.js';
export { OpenProgram } from './program/open-program.js';
export { type LinkOf, Program } from './program/program.js';
export type {
  FlowDissectorFlag,
  FlowKeys,
  SkbContext,
  SkLookupContext,
  XdpContext,
} from './program/test-run/contexts.js';
export type {
  AnyTestRun,
  AnyTestRunOptions,
  CannotTestRun,
  FlowDissectorRun,
  FlowDissectorRunOptions,
  NetfilterRunOptions,
  RawTracepointRunOptions,
  RepeatOptions,
  SkbRun,
  SkbRunOptions,
  SkLookupRun,
  SkLookupRunOptions,
  StructOpsRunOptions,
  SyscallRun,
  SyscallRunOptions,
  TestRun,
  TestRunArguments,
  TestRunByKind,
  TestRunKindOf,
  TestRunOf,
  TestRunOptionsByKind,
  TimedRun,
  XdpRun,
  XdpRunOptions,
} from './program/test-run/options.js';
