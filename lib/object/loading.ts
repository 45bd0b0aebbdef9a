/** Loading an object into the kernel: its source lines are kept for the verifier's log. */
import { errnoError, failed, isShortage } from '../native/errno.js';
import { type Flow, job } from '../native/flow.js';
import { failedProgram, lastWarning } from '../native/libbpf-log.js';
import { native, type ObjectHandle, type Outcome } from '../native/native.js';
import { partHint } from '../native/on-demand.js';
import { replaceInsns } from '../program/replace-insns.js';
import { verificationsIn } from '../verifier/index.js';
import type { Contents } from './contents.js';
import type { LineRecords, Loading } from './explanations.js';
import { explanations } from './parts.js';

/**
 * Creates the maps, has the programs verified and loaded; the state has the log of libbpf and of the verifier.
 *
 * @throws VerifierError or BpfError that says what failed
 */
export function* loadObject(handle: ObjectHandle, object: Loading): Flow<void> {
  const { contents, state } = object;
  const prepared = yield* accept(yield* job('objectPrepare', handle), object);
  yield* replaceInsns(contents, state);
  const records = lineRecords(contents);
  const log = yield* accept(yield* job('objectLoad', handle), object, records);
  state.verifications = verificationsIn(log);
  state.log = prepared + log;
}

/**
 * libbpf forgets them when a load fails (bpf_program__unload() in libbpf.c), so they are taken before, and read after.
 */
function lineRecords({ programs }: Contents): LineRecords {
  return new Map(Array.from(programs, ([key, handle]) => [key, native().programLineInfo(handle)]));
}

function* accept([status, log]: Outcome, object: Loading, records: LineRecords = new Map()): Flow<string> {
  if (!failed(status)) return log;
  // What the process is short of may be what loading a module takes, too.
  const part = isShortage(status) ? undefined : yield* explanations.find();
  if (part) throw yield* part.explainLoad(status, log, object, records);
  const hint = isShortage(status) ? undefined : `what explains it is not loaded: ${partHint}`;
  const program = failedProgram(log);
  const reason = program && !isShortage(status) ? `the kernel refused program ${program}` : lastWarning(log);
  throw errnoError(status, `load ${object.description.name}`, { log, reason, hint });
}
