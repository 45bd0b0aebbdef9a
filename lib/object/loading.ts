/** Loading an object into the kernel: its source lines are kept until the verifier has spoken. */
import { Btf, Elf } from '../btf/index.js';
import type { Description } from '../gen/description.js';
import { failed, isShortage } from '../native/errno.js';
import { type Flow, job } from '../native/flow.js';
import { native, type ObjectHandle, type Outcome } from '../native/native.js';
import { ProgramLines, type Verification, verificationsIn } from '../verifier/index.js';
import type { Contents } from './contents.js';
import { loadError } from './load-error.js';
import { failedMap, mapTrouble } from './map-trouble.js';

/**
 * Creates the maps, has the programs verified and loaded; answers what the verifier said of those that asked for it.
 *
 * @throws VerifierError or BpfError that says what failed
 */
export function* loadObject(
  handle: ObjectHandle,
  contents: Contents,
  description: Description,
): Flow<ReadonlyMap<string, Verification>> {
  yield* accept(yield* job('objectPrepare', handle), contents, description);
  const lines = linesOf(contents, description);
  const log = yield* accept(yield* job('objectLoad', handle), contents, description, lines);
  return verificationsIn(log);
}

type Lines = (program: string) => ProgramLines | undefined;

function* accept(
  [status, log]: Outcome,
  contents: Contents,
  { name, programs }: Description,
  lines?: Lines,
): Flow<string> {
  if (!failed(status)) return log;
  const map = failedMap(log) ?? '';
  const handle = contents.maps.get(map);
  const ofMap = handle && !isShortage(status) ? yield* mapTrouble(map, handle, status, log) : undefined;
  throw loadError(status, name, log, programs, lines, ofMap);
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
