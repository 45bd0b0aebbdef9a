/** Instructions and flags that the kernel takes, asked with programs of a few instructions. */
import { type Flow, job } from '../flow.js';
import { isOlderThan } from '../kernel.js';
import {
  bytesOf,
  type InstructionSetName,
  type InstructionSetRow,
  instructionSets,
  type ProbeMap,
} from '../kinds/instruction-sets.js';
import { mapKinds } from '../kinds/map-kinds.js';
import { type ProgramFlagName, type ProgramFlagRow, programFlags } from '../kinds/program-flags.js';
import { littleEndian } from '../map/host-order.js';
import { native, type Status } from '../native.js';
import { type Feature, present } from './feature.js';
import { remembered, verdict } from './probe.js';

/** A part of the instruction set, by loading a program that uses it. */
export function instructionSetFlow(name: InstructionSetName): Flow<Feature> {
  return remembered(`instructions ${name}`, function* () {
    const row: InstructionSetRow = instructionSets[name];
    const code = bytesOf(row.program, littleEndian);
    const status = row.map === undefined ? yield* loaded(code) : yield* loadedWith(row.map, code);
    return verdict(status, row);
  });
}

function* loaded(code: Uint8Array): Flow<Status> {
  const [status] = yield* job('probeInstructions', socketFilter, code, 0);
  return status;
}

/** With a map's descriptor in the first instruction. */
function* loadedWith(
  { kind, keySize, valueSize, flags, extra, value }: ProbeMap,
  code: Uint8Array,
): Flow<Status> {
  const { type } = mapKinds[kind];
  const [map] = yield* job('mapCreate', type, '', keySize, valueSize, 1, flags, extra, 0, 0, 0, 0, 0, 0);
  if (typeof map === 'number') return map;
  if (value !== undefined) {
    native().mapUpdateElem(map, new Uint8Array(keySize), new Uint8Array(Uint32Array.from(value).buffer), 0);
    native().mapFreeze(map);
  }
  new DataView(code.buffer).setInt32(4, native().mapFd(map), littleEndian);
  const status = yield* loaded(code);
  yield* job('mapClose', map);
  return status;
}

/** A flag, by loading the smallest program with it. */
export function programFlagFlow(name: ProgramFlagName): Flow<Feature> {
  return remembered(`program flag ${name}`, function* () {
    const { type, flag, since, typeSince = since }: ProgramFlagRow = programFlags[name];
    if (isOlderThan(typeSince) && !isOlderThan(since)) return present(since);
    const code = bytesOf(instructionSets.v1.program, littleEndian);
    const [status] = yield* job('probeInstructions', type, code, flag);
    return verdict(status, { since });
  });
}

/** `BPF_PROG_TYPE_SOCKET_FILTER`. */
const socketFilter = 1;
