/** Loading an object into the kernel: its source lines are kept until the verifier has spoken. */
import { Btf, Elf } from '../btf/index.js';
import type { Description } from '../gen/description.js';
import { type Circumstances, failed, isShortage } from '../native/errno.js';
import { type Flow, job } from '../native/flow.js';
import { native, type ObjectHandle, type Outcome, type Status } from '../native/native.js';
import type { ObjectState } from '../native/owner.js';
import { replaceInsns } from '../program/replace-insns.js';
import { ProgramLines, verificationsIn } from '../verifier/index.js';
import type { Contents } from './contents.js';
import { loadError } from './load-error.js';
import { failedMap, mapTrouble } from './map-trouble.js';

/**
 * Creates the maps, has the programs verified and loaded; the state has what libbpf and the verifier said meanwhile.
 *
 * @throws VerifierError or BpfError that says what failed
 */
export function* loadObject(
  handle: ObjectHandle,
  contents: Contents,
  description: Description,
  state: ObjectState,
): Flow<void> {
  const source = { contents, description, state };
  const prepared = yield* accept(yield* job('objectPrepare', handle), source);
  replaceInsns(contents, state);
  const lines = linesOf(contents, description);
  const log = yield* accept(yield* job('objectLoad', handle), source, lines);
  state.verifications = verificationsIn(log);
  state.log = prepared + log;
}

type Lines = (program: string) => ProgramLines | undefined;

/** What is loaded, as far as an error tells of it. */
interface Source {
  readonly contents: Contents;
  readonly description: Description;
  readonly state: ObjectState;
}

function* accept([status, log]: Outcome, source: Source, lines?: Lines): Flow<string> {
  if (!failed(status)) return log;
  const { name, programs } = source.description;
  const ofMap = isShortage(status) ? undefined : yield* ofFailedMap(status, log, source);
  throw loadError(status, name, log, programs, lines, ofMap);
}

function* ofFailedMap(
  status: Status,
  log: string,
  { contents, state }: Source,
): Flow<Circumstances | undefined> {
  const name = failedMap(log) ?? '';
  const handle = contents.maps.get(name);
  if (handle === undefined) return undefined;
  const isExclusive = state.exclusiveMaps.has(name);
  return yield* mapTrouble({ name, handle, isExclusive }, status, log);
}

/** libbpf forgets them when a load fails, so they are taken before, and read after. */
function linesOf({ programs }: Contents, { name, object }: Description): Lines {
  const records = new Map(Array.from(programs, ([key, handle]) => [key, native().programLineInfo(handle)]));
  return program => {
    const bytes = records.get(program);
    if (!(bytes instanceof Uint8Array) || bytes.length === 0) return undefined;
    return new ProgramLines(bytes, Btf.fromElf(Elf.parse(object.bytes(), name)));
  };
}
