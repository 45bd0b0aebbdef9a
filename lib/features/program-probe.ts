/** Instructions and flags that the kernel takes, asked with programs of a few instructions. */

import { littleEndian } from '../btf/byte-order.js';
import { isOlderThan } from '../host/kernel.js';
import {
  bytesOf,
  type InstructionSetName,
  type InstructionSetRow,
  instructionSets,
  type ProbeMap,
} from '../kinds/instruction-sets.js';
import { shapeOfMap } from '../kinds/map-shapes.js';
import { type ProgramFlagName, type ProgramFlagRow, programFlags } from '../kinds/program-flags.js';
import { type ProgramTypeName, type ProgramTypeRow, programTypes } from '../kinds/program-types.js';
import { failed } from '../native/errno.js';
import { type Flow, job } from '../native/flow.js';
import { native, type Status } from '../native/native.js';
import { type Feature, inconclusive, present } from './feature.js';
import { remembered, verdict } from './probe.js';
import { smallMap } from './small-map.js';

/** A part of the instruction set, by loading a program that uses it. @param token - a descriptor, or 0 */
export function instructionSetFlow(name: InstructionSetName, token: number): Flow<Feature> {
  return remembered(`instructions ${name}`, function* () {
    const row: InstructionSetRow = instructionSets[name];
    const code = bytesOf(row.program, littleEndian);
    const status = row.map ? yield* loadedWith(row.map, code, token) : yield* loaded(code, token);
    return verdict(status, row);
  });
}

function* loaded(code: Uint8Array, token: number): Flow<Status> {
  const [status] = yield* job('probeInstructions', socketFilter, code, 0, 0, token);
  return status;
}

/** With a map's descriptor in the first instruction. */
function* loadedWith({ kind, extra = 0n, value }: ProbeMap, code: Uint8Array, token: number): Flow<Status> {
  const map = yield* smallMap(kind, { ...shapeOfMap(kind), extra }, token);
  if (failed(map)) return map;
  if (value !== undefined) {
    native().mapUpdateElem(map, new Uint8Array(4), new Uint8Array(Uint32Array.from(value).buffer), 0);
    native().mapFreeze(map);
  }
  new DataView(code.buffer).setInt32(4, native().mapFd(map), littleEndian);
  const status = yield* loaded(code, token);
  yield* job('mapClose', map);
  return status;
}

/** A flag, by loading the smallest program with it. @param token - a descriptor, or 0 */
export function programFlagFlow(name: ProgramFlagName, token: number): Flow<Feature> {
  return remembered(`program flag ${name}`, function* () {
    const { type, flag, since, typeSince = since }: ProgramFlagRow = programFlags[name];
    if (isOlderThan(typeSince) && !isOlderThan(since)) return present(since);
    const [status] = yield* job('probeInstructions', type, smallest, flag, 0, token);
    return verdict(status, { since });
  });
}

/**
 * A program type, by loading the smallest program with a token: libbpf_probe_bpf_prog_type() in libbpf_probes.c takes
 * none.
 *
 * @param token - a descriptor
 */
export function delegatedTypeFlow(name: ProgramTypeName, token: number): Flow<Feature> {
  return remembered(`program ${name}`, function* () {
    const row: ProgramTypeRow = programTypes[name];
    const { attachType = 0, loadFlags = 0, needsTarget = false } = row;
    if (needsTarget) return inconclusive(row, 'it takes a target, which the probe with a token has not');
    const [status] = yield* job('probeInstructions', row.type, smallest, loadFlags, attachType, token);
    return verdict(status, row);
  });
}

const smallest = bytesOf(instructionSets.v1.program, littleEndian);

/** `BPF_PROG_TYPE_SOCKET_FILTER`. */
const socketFilter = 1;
