/** Arrays of perf events, which programs write records to or read counters from. */
import type { Codec } from '../codec/codec.js';
import { BpfError } from '../errors/bpf-error.js';
import type { MapKindName } from '../kinds/map-kinds.js';
import { descriptorOf, type WithDescriptor } from '../native/descriptor.js';
import { type MapHandle, native } from '../native/native.js';
import type { ObjectState } from '../native/owner.js';
import { openPerfSource, PerfBuffer, type PerfBufferOptions } from '../perf/perf-buffer.js';
import type { PerfSource } from '../perf/perf-source.js';
import { EventMap } from './event-map.js';

/**
 * An array of perf events, one for each CPU. As a stream it has the records that programs write with
 * `bpf_perf_event_output()`, in buffers that are opened on first use; {@link PerfEventArray.open} chooses their size,
 * their CPUs, when they wake the reader, or overwriting. With counters in its places programs read these with
 * `bpf_perf_event_read_value()`.
 *
 * @since Linux 4.3 (perf_event_fd_array_get_ptr() in kernel/bpf/arraymap.c); records 4.4 (bpf_perf_event_output() in
 * kernel/trace/bpf_trace.c)
 * @example
 * ```ts
 * using buffer = bpf.maps.samples.open({ bytes: 1 << 20, wakeup: { bytes: 64 * 1024 }, order: true });
 * for await (const sample of buffer.events({ pollInterval: 100 })) console.log(sample);
 * ```
 */
export class PerfEventArray<T = unknown, Kind extends MapKindName = 'perf_event_array'> extends EventMap<
  T,
  Kind
> {
  readonly #codec: Codec<T>;
  #source: PerfSource | undefined;

  /** @internal */
  constructor(handle: MapHandle, state: ObjectState, name: string, kind: Kind, codec: Codec<T>) {
    super(handle, state, name, kind, codec);
    this.#codec = codec;
  }

  /** How many places it has. */
  get size(): number {
    return this.maxEntries;
  }

  /**
   * Opens a buffer on each CPU.
   *
   * @throws BpfError `ERR_BPF_BUSY` while others of this map are open, `ERR_BPF_ARGUMENT` for an option that cannot
   * be, `ENODEV` for a CPU that is offline, `EPERM` for more memory than `perf_event_mlock_kb` lets one have without
   * CAP_IPC_LOCK (perf_event_open(2)).
   */
  open(options: PerfBufferOptions = {}): PerfBuffer<T> {
    const keeps = () => this.state.owner?.deref();
    const buffer = new PerfBuffer(this.#open(options), this.#codec, keeps);
    this.state.adopt(buffer);
    return buffer;
  }

  /** Puts a perf event in a place, as a counter for programs. */
  set(index: number, event: WithDescriptor): this {
    const fd = descriptorOf(event, `update map ${this.name}`);
    const status = native().mapUpdateElem(this.use('update'), word(index), word(fd), 0);
    if (status !== 0) throw this.failure(status, 'update');
    return this;
  }

  /** Empties a place; false where it was empty. */
  delete(index: number): boolean {
    return native().mapDeleteElem(this.use('delete from'), word(index)) === 0;
  }

  /** @internal */
  protected openSource(): PerfSource {
    return this.#open({});
  }

  #open(options: PerfBufferOptions): PerfSource {
    const operation = this.state.use(`open perf buffer ${this.name}`);
    if (this.#source !== undefined && !this.#source.ended) {
      const reason = 'its buffers are open';
      throw new BpfError({ code: 'ERR_BPF_BUSY', operation, reason, hint: 'close() them first' });
    }
    this.#source = openPerfSource(this.handle, this.name, options);
    return this.#source;
  }
}

function word(value: number): Uint8Array {
  return new Uint8Array(new Int32Array([value]).buffer);
}
