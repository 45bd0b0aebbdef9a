/** What a stand-in is made of: maps, sections, rings and programs in memory, as an object's contents. */
import type { Elf } from '../btf/index.js';
import type { Codec } from '../codec/codec.js';
import { replaceSources } from '../events/replaced-sources.js';
import type { Description } from '../gen/description.js';
import { type MapFace, mapKinds } from '../kinds/map-kinds.js';
import type { MapHandle, ProgramHandle } from '../native/native.js';
import { ObjectState } from '../native/owner.js';
import type { Contents } from '../object/contents.js';
import { assignGlobals } from '../object/globals.js';
import { SectionImage } from '../object/section-image.js';
import { StandInArray } from './array.js';
import { Attachments } from './attachments.js';
import type { StandInMap } from './map.js';
import { standInMap } from './maps.js';
import { declaredIn, elfOf, planOf } from './plans.js';
import { PushedSource } from './pushed-source.js';

/** Global variables and sizes, as a loader sets them. */
export interface Settings {
  readonly initial?: object;
  readonly maxEntries?: Readonly<Record<string, number | undefined>>;
}

/** Maps whose records a test produces. */
const eventFaces: ReadonlySet<MapFace> = new Set(['ring', 'perf-events']);
/** Bytes that perf buffers have room for, all together. */
const perfBytes = 256 * 1024;
/** `BPF_F_RDONLY_PROG`. */
const readOnlyForPrograms = 0x80;

/** The parts of one stand-in, by name. */
export class Parts {
  readonly state: ObjectState;
  readonly maps: ReadonlyMap<string, StandInMap>;
  readonly sources: ReadonlyMap<string, PushedSource>;
  readonly programs: ReadonlyMap<string, Attachments>;
  readonly #sections: ReadonlyMap<string, StandInArray>;

  constructor(description: Description, { initial = {}, maxEntries = {} }: Settings) {
    const elf = elfOf(description);
    this.state = new ObjectState(description.name);
    this.maps = mapsOf(description, elf, maxEntries);
    this.sources = sourcesOf(this.maps);
    replaceSources(this.state, this.sources);
    this.programs = mapNames(description.programs, name => new Attachments(name));
    this.#sections = mapNames(description.globals, (name, codec) => sectionOf(name, codec, elf));
    this.#assign(description, initial);
  }

  /** The same as native handles, which they stand for. */
  get contents(): Contents {
    return {
      maps: this.maps as ReadonlyMap<string, unknown> as ReadonlyMap<string, MapHandle>,
      sections: this.#sections as ReadonlyMap<string, unknown> as ReadonlyMap<string, MapHandle>,
      programs: this.programs as ReadonlyMap<string, unknown> as ReadonlyMap<string, ProgramHandle>,
    };
  }

  #assign({ globals: codecs }: Description, initial: object): void {
    for (const [name, values] of Object.entries(initial)) {
      const map = this.contents.sections.get(name);
      const codec = codecs[name];
      if (map === undefined || codec === undefined) continue;
      const section = { map, name: `.${name}`, state: this.state };
      const image = new SectionImage(section, codec);
      assignGlobals(image.variables, values as object, `.${name}`);
      image.apply();
    }
  }
}

function mapNames<From, To>(from: Readonly<Record<string, From>>, make: (name: string, value: From) => To) {
  return new Map(Object.entries(from).map(([name, value]) => [name, make(name, value)]));
}

function mapsOf(
  { maps }: Description,
  elf: Elf,
  maxEntries: NonNullable<Settings['maxEntries']>,
): ReadonlyMap<string, StandInMap> {
  const declared = declaredIn(elf);
  return mapNames(maps, (name, map) => {
    return standInMap(planOf(name, map, declared, maxEntries[name]), mapKinds[map.kind].face);
  });
}

function sourcesOf(maps: ReadonlyMap<string, StandInMap>): ReadonlyMap<string, PushedSource> {
  const events = [...maps].filter(([, { face }]) => eventFaces.has(face));
  return new Map(
    events.map(([name, { face, plan }]) => {
      const [title, size] = face === 'ring' ? ['ring buffer', plan.maxEntries] : ['perf buffer', perfBytes];
      return [name, new PushedSource(`${title} ${name}`, size)];
    }),
  );
}

/** A data section with what the object has in it. */
function sectionOf(name: string, { size }: Codec<unknown>, elf: Elf): StandInArray {
  const flags = name.startsWith('rodata') || name === 'kconfig' ? readOnlyForPrograms : 0;
  const sizes = { keySize: 4, valueSize: size, entrySize: size, maxEntries: 1 };
  const section = new StandInArray({ name: `.${name}`, kind: 'array', ...sizes, flags });
  const initial =
    name === 'bss' ? undefined : elf.section(name === 'arena' ? '.addr_space.1' : `.${name}`)?.bytes;
  section.section.set(initial?.subarray(0, size) ?? []);
  return section;
}
