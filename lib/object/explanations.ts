/** On demand: why an object did not open or load. */
import { kindAmong } from '../attach/attach-kind.js';
import { Btf, Elf } from '../btf/index.js';
import type { BpfError } from '../errors/bpf-error.js';
import type { Description } from '../gen/description.js';
import type { Circumstances } from '../native/errno.js';
import type { Flow } from '../native/flow.js';
import { failedProgram } from '../native/libbpf-log.js';
import type { Status } from '../native/native.js';
import type { ObjectState } from '../native/owner.js';
import { ProgramLines } from '../verifier/index.js';
import type { Contents } from './contents.js';
import type { Kinds } from './kinds.js';
import { loadError } from './load-error.js';
import { failedMap, mapTrouble } from './map-trouble.js';

export { openError } from './load-error.js';

/** What is loaded, as far as an error tells of it. */
export interface Loading {
  readonly contents: Contents;
  readonly description: Description;
  readonly state: ObjectState;
  readonly kinds: Kinds;
}

/** Line records (`struct bpf_line_info`) by program. */
export type LineRecords = ReadonlyMap<string, unknown>;

/** The error of a failed `bpf_object__prepare` or `bpf_object__load`. */
export function* explainLoad(
  status: Status,
  log: string,
  object: Loading,
  records: LineRecords,
): Flow<BpfError> {
  const { description, kinds } = object;
  const section = description.programs[failedProgram(log) ?? ''] ?? '';
  const place = { section, kind: kindAmong(kinds.programs, section) };
  const lines = (program: string) => linesOf(records.get(program), description);
  const ofMap = yield* ofFailedMap(status, log, object);
  return loadError(status, description.name, log, place, lines, ofMap);
}

function* ofFailedMap(
  status: Status,
  log: string,
  { contents, state }: Loading,
): Flow<Circumstances | undefined> {
  const name = failedMap(log) ?? '';
  const handle = contents.maps.get(name);
  if (handle === undefined) return undefined;
  const isExclusive = state.exclusiveMaps.has(name);
  return yield* mapTrouble({ name, handle, isExclusive }, status, log);
}

function linesOf(records: unknown, { name, object }: Description): ProgramLines | undefined {
  if (!(records instanceof Uint8Array) || records.length === 0) return undefined;
  return new ProgramLines(records, Btf.fromElf(Elf.parse(object.bytes(), name)));
}
