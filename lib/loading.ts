/** Loading an object into the kernel: its source lines are kept until the verifier has spoken. */
import { Btf, Elf } from './btf/index.js';
import type { Contents } from './contents.js';
import { loadError } from './explain.js';
import { type Flow, job } from './flow.js';
import type { Description } from './gen/description.js';
import { native, type ObjectHandle, type Outcome } from './native.js';
import { ProgramLines, type Verification, verificationsIn } from './verifier/index.js';

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
  accept(yield* job('objectPrepare', handle), description);
  const lines = linesOf(contents, description);
  const log = accept(yield* job('objectLoad', handle), description, lines);
  return verificationsIn(log);
}

type Lines = (program: string) => ProgramLines | undefined;

function accept([status, log]: Outcome, { name, programs }: Description, lines?: Lines): string {
  if (typeof status === 'number' && status < 0) throw loadError(status, name, log, programs, lines);
  return log;
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
