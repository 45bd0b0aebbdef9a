/** Reading a recording with the face of what was recorded: on any operating system. */

import { fileURLToPath } from 'node:url';
import { clocksOf, type KernelClock } from '../../clock/clock.js';
import { Timeline } from '../../clock/timeline.js';
import type { Codec } from '../../codec/codec.js';
import { bytes } from '../../codec/index.js';
import { argumentError, requireFile } from '../../errors/arguments.js';
import type { BpfError } from '../../errors/bpf-error.js';
import { Events } from '../events.js';
import { recordTypeOf, unlikeness } from './record-type.js';
import { RecordingFile } from './recording-file.js';
import { type RecordingHeader, readHeader } from './recording-header.js';
import { ReplaySource } from './replay-source.js';

/** How a recording is replayed. */
export interface ReplayOptions {
  /** Times as fast as it was recorded: 1 keeps its pauses. Default: as fast as it is read. */
  readonly speed?: number | undefined;
}

/** What gives the type of events: a codec, or a map's description. */
export type TypeSource<T> = Codec<T> | { readonly value?: Codec<T> | undefined };

/** The events of a recording. It ends by itself where the recording does. */
export class Replay<T> extends Events<T> {
  /** What was recorded: `ring buffer events`. */
  readonly subject: string;
  /** When the recording began, by that machine's clock. */
  readonly recordedAt: Date;
  /** The clocks of the machine at the time: stamps in events as dates. */
  readonly clock: { readonly monotonic: KernelClock; readonly boottime: KernelClock };

  /** @internal */
  constructor(source: ReplaySource, codec: Codec<T>, { subject, anchor }: RecordingHeader) {
    super(source, codec);
    this.subject = subject;
    this.recordedAt = new Date(milliseconds(anchor.realtime));
    this.clock = clocksOf(
      new Timeline(
        () => source.anchor,
        () => milliseconds(source.anchor.realtime),
      ),
    );
  }
}

/**
 * Replays what `record()` wrote, with the same types: as objects, batches or columns, by `for await` or listeners.
 *
 * @param type - of the records: a codec, or the map of a generated module's description; without it: bytes
 * @throws BpfError with the errno's name where the file cannot be read; `ERR_BPF_RECORDING` where it is no recording,
 * or its records are of another type. At a place where it was damaged or cut off the loop throws, after what is whole.
 *
 * @example
 * ```ts
 * for await (const event of replay('events.bpfrec', execsnoop.description.maps.events)) console.log(event.comm);
 * ```
 */
export function replay<T = Uint8Array>(
  path: string | URL,
  type: TypeSource<T> = bytes() as unknown as Codec<T>,
  { speed = Number.POSITIVE_INFINITY }: ReplayOptions = {},
): Replay<T> {
  requireFile('replay', path);
  const file = new RecordingFile(path instanceof URL ? fileURLToPath(path) : path);
  try {
    if (!(speed > 0)) throw noSpeed(speed, file.path);
    const header = readHeader(file);
    const codec = codecOf(type);
    requireType(file, header, codec);
    return new Replay(new ReplaySource(file, header, speed), codec, header);
  } catch (error) {
    file.close();
    throw error;
  }
}

function codecOf<T>(type: TypeSource<T>): Codec<T> {
  if ('read' in type) return type;
  return type.value ?? (bytes() as unknown as Codec<T>);
}

function requireType(file: RecordingFile, { type }: RecordingHeader, codec: Codec<unknown>): void {
  const reason = unlikeness(type, recordTypeOf(codec));
  if (reason === undefined) return;
  throw file.damage(reason, 'the program has changed since: replay it with the types of its time');
}

function noSpeed(speed: unknown, path: string): BpfError {
  const reason = `speed takes a number above 0, got ${String(speed)}`;
  return argumentError(`replay ${path}`, reason);
}

function milliseconds(nanoseconds: bigint): number {
  return Number(nanoseconds / 1_000_000n);
}
