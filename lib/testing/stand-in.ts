/** An object without a kernel, for unit tests of code that uses one: live maps, rings and links over plain memory. */

import type { Codec } from '../codec/codec.js';
import { bytes, decode, encode } from '../codec/index.js';
import { requireObject } from '../errors/arguments.js';
import type { Description, MapDescription } from '../gen/description.js';
import type { MapKindName } from '../kinds/map-kinds.js';
import type { ObjectHandle } from '../native/native.js';
import { everyKind } from '../object/every-kind.js';
import { LoadedObject } from '../object/loaded-object.js';
import type { InitialGlobals } from '../object/types.js';
import { type AttachCounts, Attachments, StandInObject, StandInProgram } from './attachments.js';
import { answerForStandIns } from './calls.js';
import { filled } from './filled.js';
import { Parts, type Settings } from './parts.js';
import { StandInUserRing } from './user-ring.js';

/** What a loader may set before load. */
export interface FakeObjectOptions<D extends Description> {
  /** Global variables by section, as `load()` takes them. */
  readonly initial?: InitialGlobals<D>;
  /** Sizes of maps, where they are others than the object declares. */
  readonly maxEntries?: { readonly [Name in keyof D['maps']]?: number };
}

/** Names of maps of some kinds. */
export type MapNamesOf<D extends Description, Kind extends MapKindName> = {
  [Name in keyof D['maps'] & string]: D['maps'][Name]['kind'] extends Kind ? Name : never;
}[keyof D['maps'] & string];

/** What the records of a map are. */
export type RecordOf<M> = M extends MapDescription<infer _Kind, infer _Key, infer V> ? V : never;

/**
 * A loaded object, as code under test sees it. Its maps are in memory, with the sizes that the object declares and the
 * checks of the live ones; its programs attach to nothing and never run: the test does what they would have done.
 *
 * Maps of maps, of programs, sockets, devices and the like have no elements here; pins, descriptors and all else that
 * takes a kernel fails with `EOPNOTSUPP`.
 */
export class FakeObject<D extends Description = Description> extends LoadedObject<D> {
  readonly #parts: Parts;
  readonly #description: D;
  /** Programs by name. */
  override readonly programs: LoadedObject<D>['programs'];

  /** @internal */
  constructor(description: D, options: FakeObjectOptions<D>) {
    answerForStandIns();
    const parts = new Parts(description, options as Settings);
    const handle = new StandInObject([...parts.programs.values()]) as unknown as ObjectHandle;
    super(handle, parts.state, parts.contents, description, everyKind());
    this.#parts = parts;
    this.#description = description;
    this.programs = programsOf(description, parts);
  }

  /**
   * Writes a record to a ring or perf buffer, as a program would.
   *
   * @param record - a value, of which what is not said is zero; or bytes as they are
   * @returns false when there was no room, and the record was lost
   * @throws BpfError `ERR_BPF_VALUE` for a value that does not fit the type.
   */
  produce<Name extends MapNamesOf<D, 'ringbuf' | 'perf_event_array'>>(
    map: Name,
    record: Partial<RecordOf<D['maps'][Name]>> | Uint8Array,
  ): boolean {
    this.requireOpen(`produce a record of ${map}`);
    const codec = this.#codecOf(map);
    const data = record instanceof Uint8Array ? record.slice() : encode(codec, filled(codec, record));
    return this.#parts.sources.get(map)?.push(data) ?? false;
  }

  /** Takes the records out of a user ring buffer, as a program would with `bpf_user_ringbuf_drain()`. */
  consume<Name extends MapNamesOf<D, 'user_ringbuf'>>(map: Name): RecordOf<D['maps'][Name]>[] {
    this.requireOpen(`consume the records of ${map}`);
    const ring = this.#parts.maps.get(map);
    const records = ring instanceof StandInUserRing ? [...ring.consume()] : [];
    return records.map(record => decode(this.#codecOf(map), record)) as RecordOf<D['maps'][Name]>[];
  }

  /** How often a program was attached and detached, and with what. */
  attachments(program: keyof D['programs'] & string): AttachCounts {
    return this.#attachmentsOf(program).counts;
  }

  /** Lets attaching a program fail from now on with an errno, as `EPERM`; undefined: no more. */
  refuse(program: keyof D['programs'] & string, errno: string | undefined): void {
    this.#attachmentsOf(program).refusal = errno;
  }

  #attachmentsOf(program: string): Attachments {
    return this.#parts.programs.get(program) ?? new Attachments(program);
  }

  #codecOf(map: string): Codec<unknown> {
    return this.#description.maps[map]?.value ?? bytes();
  }
}

function programsOf<D extends Description>({ programs }: D, { state, programs: attachments }: Parts) {
  const entries = Object.entries(programs).map(([name, section]) => {
    const counted = attachments.get(name) ?? new Attachments(name);
    return [name, new StandInProgram(counted, state, name, section)];
  });
  return Object.fromEntries(entries) as LoadedObject<D>['programs'];
}

/**
 * Stands in for a loaded object in unit tests: no kernel, no addon, any OS.
 *
 * @param of - a generated module's skeleton, or a description
 *
 * @example
 * ```ts
 * await using bpf = fakeObject(execsnoop);
 * await bpf.attach(); // what the application does
 * bpf.maps.tree.set(1, 1);
 * console.log(bpf.attachments('execed').attached, bpf.maps.tree.count()); // what the test looks at
 * ```
 */
export function fakeObject<D extends Description>(
  of: { readonly description: D } | D,
  options: FakeObjectOptions<D> = {},
): FakeObject<D> {
  requireObject('make a stand-in', 'it is of a module or a description', of);
  requireObject('make a stand-in', 'options are an object', options);
  const description: D = 'description' in of ? of.description : of;
  requireObject('make a stand-in', 'a description has an object', description?.object);
  return new FakeObject(description, options);
}
