/** Instructions and flags that the kernel takes, asked with programs of a few instructions. */
import { type Flow, job } from '../flow.js';
import { bytesOf, type InstructionSetName, instructionSets } from '../kinds/instruction-sets.js';
import { type ProgramFlagName, programFlags } from '../kinds/program-flags.js';
import { littleEndian } from '../map/host-order.js';
import type { Feature } from './feature.js';
import { remembered, verdict } from './probe.js';

/** A part of the instruction set, by loading a program that uses it. */
export function instructionSetFlow(name: InstructionSetName): Flow<Feature> {
  return remembered(`instructions ${name}`, function* () {
    const row = instructionSets[name];
    const [status] = yield* job('probeInstructions', socketFilter, bytesOf(row.program, littleEndian), 0);
    return verdict(status, row);
  });
}

/** A flag, by loading the smallest program with it. */
export function programFlagFlow(name: ProgramFlagName): Flow<Feature> {
  return remembered(`program flag ${name}`, function* () {
    const { type, flag, since } = programFlags[name];
    const code = bytesOf(instructionSets.v1.program, littleEndian);
    const [status] = yield* job('probeInstructions', type, code, flag);
    return verdict(status, { since });
  });
}

/** `BPF_PROG_TYPE_SOCKET_FILTER`. */
const socketFilter = 1;
