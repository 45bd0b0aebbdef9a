/** Profiles as pprof reads them: https://github.com/google/pprof/blob/main/proto/profile.proto has the field numbers. */
import { gzipSync } from 'node:zlib';
import { MessageWriter } from '../protobuf/index.js';
import type { Frame } from '../symbols/index.js';
import { nameOf } from './folded.js';
import type { Profile, ProfileStack } from './profile.js';

const fields = {
  profile: { sampleType: 1, sample: 2, location: 4, function: 5, stringTable: 6, timeNanos: 9, durationNanos: 10, periodType: 11, period: 12 }, // biome-ignore format: a table
  valueType: { type: 1, unit: 2 },
  sample: { locationId: 1, value: 2, label: 3 },
  label: { key: 1, str: 2 },
  location: { id: 1, address: 3, line: 4 },
  line: { functionId: 1, line: 2 },
  function: { id: 1, name: 2, systemName: 3, filename: 4, startLine: 5 },
} as const;

const nanosecond = 1_000_000;

/** What each unit is called by pprof. */
const valueTypes = {
  samples: ['samples', 'count'],
  nanoseconds: ['time', 'nanoseconds'],
  bytes: ['space', 'bytes'],
} as const;

/** The compressed file. */
export function encodePprof(profile: Profile): Uint8Array {
  const tables = new Tables();
  const message = new MessageWriter();
  const [type, unit] = valueTypes[profile.unit];
  message.message(fields.profile.sampleType, tables.valueType(type, unit));
  const period = profile.frequency === undefined ? 0 : Math.round((1000 * nanosecond) / profile.frequency);
  if (period > 0) message.message(fields.profile.sampleType, tables.valueType('cpu', 'nanoseconds'));
  const samples = profile.stacks.map(stack => sampleOf(stack, tables, period));
  for (const sample of samples) message.message(fields.profile.sample, sample);
  message.number(fields.profile.timeNanos, BigInt(Math.round(profile.startedAt)) * BigInt(nanosecond));
  message.number(fields.profile.durationNanos, Math.round(profile.duration * nanosecond));
  if (period > 0) message.message(fields.profile.periodType, tables.valueType('cpu', 'nanoseconds'));
  message.number(fields.profile.period, period);
  tables.writeTo(message);
  return gzipSync(message.finish());
}

/** @param period - nanoseconds between two samples, which a sample stands for; 0 where it stands for none */
function sampleOf(
  { process, state, frames, value }: ProfileStack,
  tables: Tables,
  period: number,
): MessageWriter {
  const values = period > 0 ? [value, value * period] : [value];
  const sample = new MessageWriter()
    .numbers(
      fields.sample.locationId,
      frames.map(frame => tables.location(frame)),
    )
    .numbers(fields.sample.value, values.map(Math.round))
    .message(fields.sample.label, tables.label('process', process));
  return state === undefined ? sample : sample.message(fields.sample.label, tables.label('state', state));
}

/** What samples name by numbers: texts, functions and locations, each once. */
class Tables {
  readonly #texts = new Map<string, number>([['', 0]]);
  readonly #functions = new Map<string, number>();
  readonly #locations = new Map<string, number>();
  readonly #written: [field: number, message: MessageWriter][] = [];

  text(value: string): number {
    return numberOf(this.#texts, value, 0);
  }

  label(key: string, value: string): MessageWriter {
    return new MessageWriter()
      .number(fields.label.key, this.text(key))
      .number(fields.label.str, this.text(value));
  }

  valueType(type: string, unit: string): MessageWriter {
    return new MessageWriter()
      .number(fields.valueType.type, this.text(type))
      .number(fields.valueType.unit, this.text(unit));
  }

  location(frame: Frame): number {
    const name = nameOf(frame);
    const known = this.#locations.size;
    const id = numberOf(this.#locations, `${frame.address} ${name}`, 1);
    if (this.#locations.size === known) return id;
    const line = new MessageWriter()
      .number(fields.line.functionId, this.#function(frame, name))
      .number(fields.line.line, frame.source?.line ?? 0);
    const location = new MessageWriter()
      .number(fields.location.id, id)
      .number(fields.location.address, frame.address)
      .message(fields.location.line, line);
    this.#written.push([fields.profile.location, location]);
    return id;
  }

  writeTo(message: MessageWriter): void {
    for (const [field, entry] of this.#written) message.message(field, entry);
    for (const text of this.#texts.keys()) message.text(fields.profile.stringTable, text);
  }

  #function(frame: Frame, name: string): number {
    const known = this.#functions.size;
    const file = frame.source?.file ?? frame.module ?? '';
    const id = numberOf(this.#functions, `${name}\0${file}`, 1);
    if (this.#functions.size === known) return id;
    const entry = new MessageWriter()
      .number(fields.function.id, id)
      .number(fields.function.name, this.text(frame.name ?? name))
      .number(fields.function.systemName, this.text(frame.symbol ?? frame.name ?? name))
      .number(fields.function.filename, this.text(file))
      .number(fields.function.startLine, frame.source?.line ?? 0);
    this.#written.push([fields.profile.function, entry]);
    return id;
  }
}

/** The number of a key, a new one where it has none. */
function numberOf(numbers: Map<string, number>, key: string, first: number): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size + first);
  return numbers.size - 1 + first;
}
