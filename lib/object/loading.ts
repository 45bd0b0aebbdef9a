/** Loading an object into the kernel: its source lines are kept until the verifier has spoken. */
import { Btf, Elf } from '../btf/index.js';
import type { Description } from '../gen/description.js';
import { mapKindName } from '../kinds/map-kinds.js';
import { lackingForMap } from '../map/lacking.js';
import type { Circumstances } from '../native/errno.js';
import { type Flow, job } from '../native/flow.js';
import { native, type ObjectHandle, type Outcome } from '../native/native.js';
import { ProgramLines, type Verification, verificationsIn } from '../verifier/index.js';
import type { Contents } from './contents.js';
import { loadError } from './load-error.js';

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
  accept(yield* job('objectPrepare', handle), contents, description);
  const lines = linesOf(contents, description);
  const log = accept(yield* job('objectLoad', handle), contents, description, lines);
  return verificationsIn(log);
}

type Lines = (program: string) => ProgramLines | undefined;

function accept(
  [status, log]: Outcome,
  contents: Contents,
  { name, programs }: Description,
  lines?: Lines,
): string {
  if (typeof status !== 'number' || status >= 0) return log;
  throw loadError(status, name, log, programs, lines, lackingMap(log, contents));
}

/** What the kernel lacks for the map that libbpf was creating when it gave up. */
function lackingMap(log: string, { maps }: Contents): Circumstances | undefined {
  const handle = maps.get(/^libbpf: map '([^']+)': failed to create/m.exec(log)?.[1] ?? '');
  const kind = handle && mapKindName(native().mapType(handle));
  return kind && lackingForMap(kind, native().mapFlags(handle));
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
