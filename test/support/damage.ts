/** Damaged inputs: each is read or refused with a BpfError, soon. */
import { functionOffset, functionOffsets, matchingFunctions } from '../../lib/btf/find-functions.js';
import { Btf, Elf, screenLinked } from '../../lib/btf/index.js';
import { usdtProbesSync } from '../../lib/btf/usdt.js';
import { codecOf, decode } from '../../lib/codec/index.js';
import { emittable } from '../../lib/codec/inline.js';
import { interpretReader } from '../../lib/codec/reader.js';
import { BpfError } from '../../lib/errors/bpf-error.js';
import { describeObject } from '../../lib/gen/index.js';

export { numbers } from '../fuzz/numbers.mjs';

/** A part of the input where damage is likely to matter. */
export type Region = readonly [start: number, size: number];

const interesting = [0, 1, 0x7f, 0x80, 0xff];

/** One to three bytes changed, or some of them copied from elsewhere, or the end cut off. */
export function damaged(bytes: Uint8Array, [start, size]: Region, below: (n: number) => number): Uint8Array {
  const copy = bytes.slice();
  const way = below(16);
  if (way === 0) return copy.subarray(0, below(copy.length));
  if (way < 3) {
    const length = 1 + below(64);
    copy.copyWithin(start + below(size), below(copy.length), below(copy.length) + length);
    return copy;
  }
  for (let left = 1 + below(3); left > 0; left--)
    copy[start + below(size)] = below(2) ? below(256) : (interesting[below(5)] ?? 0);
  return copy;
}

/**
 * Reads everything there is in an object or raw BTF; says whether its types could be read.
 *
 * @param generated - false to read values without generated code, which takes most of the time
 */
export function readAll(bytes: Uint8Array, generated = true): boolean {
  const isElf = bytes[0] === 0x7f;
  if (isElf) readFile(bytes);
  return succeeds(() => {
    const btf = Btf.fromBytes(bytes, 'x');
    succeeds(() => btf.ext);
    succeeds(() => btf.toC());
    for (let id = 1; id < btf.count; id++) succeeds(() => readType(btf, id, generated));
  });
}

/** What reads a file whole, or looks for something in it. */
function readFile(bytes: Uint8Array): void {
  succeeds(() => describeObject(bytes, 'x.bpf.o'));
  succeeds(() => screenLinked(bytes, 'x.bpf.o'));
  succeeds(() => usdtProbesSync(bytes));
  succeeds(() => functionOffset(Elf.parse(bytes, 'x'), 'f@VERSION'));
  succeeds(() => functionOffsets(Elf.parse(bytes, 'x'), ['f', 'handle']));
  succeeds(() => matchingFunctions(Elf.parse(bytes, 'x'), 'h*e'));
}

function readType(btf: Btf, id: number, generated: boolean): void {
  succeeds(() => btf.get(id).toString());
  succeeds(() => btf.get(id).toLayout());
  btf.alignOf(id);
  const codec = codecOf(btf, id);
  if (codec.size >= 4096) return;
  const bytes = new Uint8Array(codec.size).fill(0xa5);
  if (generated) decode(codec, bytes);
  else interpretReader(emittable(codec))(new DataView(bytes.buffer), 0, bytes.length);
}

/** Only a BpfError may be thrown, and it says where and why. */
export function succeeds(action: () => void): boolean {
  try {
    action();
    return true;
  } catch (error) {
    if (error instanceof BpfError && error.message.length > error.operation.length + 10) return false;
    throw error;
  }
}

/** Milliseconds that this process has computed: other work on the machine takes time too, but not ours. */
export function ownTime(): number {
  return process.cpuUsage().user / 1000;
}
