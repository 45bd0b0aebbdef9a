/** CPUs that XDP programs redirect to. */
import type { MapKindName } from '../kinds/map-kinds.js';
import { MapElements } from './elements.js';
import type { MapParts } from './encoded.js';
import { MapBase } from './map-state.js';
import { type CpuTarget, type Redirect, redirectTo } from './redirect.js';

/** A CPU in a CPU map. */
export interface Cpu {
  /** Packets that may wait for it. */
  readonly queueSize: number;
  /** The program that runs there; 0 for none. */
  readonly programId: number;
}

/**
 * A map of CPUs, each with a queue for packets.
 *
 * @since Linux 4.15 (cpu_map_alloc() in kernel/bpf/cpumap.c)
 */
export class CpuMap<Kind extends MapKindName = 'cpumap'> extends MapBase<Kind> {
  /** @internal */
  readonly elements: MapElements<number, Redirect>;

  /** @internal */
  constructor(...parts: MapParts<number, Redirect, Kind>) {
    super(...parts);
    this.elements = new MapElements(this, parts);
  }

  /** How many CPUs it has places for. */
  get size(): number {
    return this.maxEntries;
  }

  /** What a CPU is set to; undefined where it is not. */
  get(cpu: number): Cpu | undefined {
    const found = this.elements.lookup(cpu);
    return found && found.target > 0 ? { queueSize: found.target, programId: found.programId } : undefined;
  }

  /**
   * Makes a queue for a CPU.
   *
   * @throws BpfError `EOVERFLOW` for a queue above 16384, `ENODEV` for a CPU that the machine cannot have
   * (cpu_map_update_elem() in kernel/bpf/cpumap.c).
   */
  set(cpu: number, target: CpuTarget | number): this {
    const operation = `update map ${this.name}`;
    const { queueSize, program } =
      typeof target === 'number' ? { queueSize: target, program: undefined } : target;
    const write = (redirect: Redirect) => this.elements.update(cpu, redirect);
    redirectTo(queueSize, program, this.valueSize, operation, write);
    return this;
  }

  /** Ends a CPU's queue. */
  delete(cpu: number): boolean {
    return this.elements.remove(cpu);
  }
}
