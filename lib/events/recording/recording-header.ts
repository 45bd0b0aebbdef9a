/** What a recording tells of itself, checked: the file may come from anywhere. */
import type { Sample } from '../../clock/timeline.js';
import type { SourceCounts } from '../source.js';
import { anchorBytes, decodeAnchor } from './anchor.js';
import { blockKinds, formVersion } from './block.js';
import type { RecordType } from './record-type.js';
import type { Block, RecordingFile } from './recording-file.js';

/** The header of a recording. */
export interface RecordingHeader {
  /** What was recorded: `ring buffer events`. */
  readonly subject: string;
  readonly type: RecordType;
  /** Byte order of the machine where it was made. */
  readonly littleEndian: boolean;
  /** The clocks when it began. */
  readonly anchor: Sample;
}

/** The first block. @throws BpfError `ERR_BPF_RECORDING` where it is no header of this form. */
export function readHeader(file: RecordingFile): RecordingHeader {
  const block = file.next();
  const { version, subject, type, littleEndian, anchor } = jsonOf(file, block);
  const isHeader = block.kind === blockKinds.header && typeof version === 'number';
  if (!isHeader) throw file.damage('it does not begin with a header');
  if (version !== formVersion) {
    const reason = `it has form ${version}, this library reads form ${formVersion}`;
    throw file.damage(reason, 'use the version of libbpf-ts that recorded it');
  }
  const bytes = Buffer.from(`${anchor}`, 'base64');
  const fits = typeof subject === 'string' && typeof littleEndian === 'boolean' && isRecordType(type, 0);
  if (!fits || bytes.length !== anchorBytes) throw file.damage('its header is not whole');
  return { subject, type, littleEndian, anchor: decodeAnchor(bytes) };
}

/** The last block: what the source had counted, and how many records the file should have. */
export function readEnd(file: RecordingFile, block: Block): SourceCounts & { readonly records: unknown } {
  const { records, produced, dropped } = jsonOf(file, block);
  return {
    records,
    ...(typeof produced === 'number' && { produced }),
    ...(typeof dropped === 'number' && { dropped }),
  };
}

function jsonOf(file: RecordingFile, { body }: Block): Record<string, unknown> {
  try {
    return { ...(JSON.parse(body.toString()) as object) };
  } catch {
    throw file.damage('what it tells of itself is no JSON');
  }
}

/** Structs nest this deep at most. */
const deepest = 64;

function isRecordType(value: unknown, depth: number): value is RecordType {
  if (typeof value !== 'object' || value === null || depth > deepest) return false;
  const { type, size, members = [] } = value as Record<string, unknown>;
  if (typeof type !== 'string' || typeof size !== 'number' || !Array.isArray(members)) return false;
  return members.every(member => {
    const [name, offset, own] = Array.isArray(member) ? member : [];
    return typeof name === 'string' && typeof offset === 'number' && isRecordType(own, depth + 1);
  });
}
