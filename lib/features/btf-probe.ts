/** Which kinds of types the kernel takes (btf_check_meta() in kernel/bpf/btf.c), asked with types of a few records. */
import { closeSync } from 'node:fs';
import { type BtfRecord, BtfWriter } from '../btf/btf-writer.js';
import { littleEndian } from '../btf/byte-order.js';
import { type BtfKindName, btfKinds } from '../kinds/btf-kinds.js';
import { type Flow, job } from '../native/flow.js';
import type { Feature } from './feature.js';
import { remembered, verdict } from './probe.js';

const int: BtfRecord = { name: 'int', kind: 1, third: 4, body: [0x01000020] };
const proto: BtfRecord = { name: '', kind: 13, third: 0 };
const typedef: BtfRecord = { name: 'word', kind: 8, third: 1 };
const variable: BtfRecord = { name: 'variable', kind: 14, third: 1, body: [0] };

/** What is loaded to find out, with `int` before it as type 1. */
const records: Readonly<Record<BtfKindName, readonly BtfRecord[]>> = {
  int: [],
  ptr: [{ name: '', kind: 2, third: 1 }],
  array: [{ name: '', kind: 3, third: 0, body: [1, 1, 2] }],
  struct: [{ name: 'pair', kind: 4, length: 1, third: 4, body: ['first', 1, 0] }],
  union: [{ name: 'either', kind: 5, length: 1, third: 4, body: ['first', 1, 0] }],
  enum: [{ name: 'state', kind: 6, length: 1, third: 4, body: ['READY', 0] }],
  fwd: [{ name: 'elsewhere', kind: 7, third: 0 }],
  typedef: [typedef],
  volatile: [{ name: '', kind: 9, third: 1 }],
  const: [{ name: '', kind: 10, third: 1 }],
  restrict: [{ name: '', kind: 11, third: 1 }],
  func_proto: [proto],
  func: [proto, { name: 'run', kind: 12, third: 2 }],
  var: [variable],
  datasec: [variable, { name: '.bss', kind: 15, length: 1, third: 4, body: [2, 0, 4] }],
  float: [{ name: 'float', kind: 16, third: 4 }],
  decl_tag: [typedef, { name: 'tag', kind: 17, third: 2, body: [0xffffffff] }],
  type_tag: [
    { name: 'tag', kind: 18, third: 1 },
    { name: '', kind: 2, third: 2 },
  ],
  enum64: [{ name: 'wide', kind: 19, length: 1, third: 8, body: ['READY', 0, 0] }],
};

/** A kind, by loading a type of it. */
export function btfKindFlow(name: BtfKindName, token: number): Flow<Feature> {
  return remembered(`btf ${name}`, function* () {
    const writer = new BtfWriter(littleEndian);
    for (const record of [int, ...records[name]]) writer.add(record);
    const [fd] = yield* job('btfLoad', writer.bytes(), token);
    if (fd >= 0) closeSync(fd);
    return verdict(fd, { since: btfKinds[name] });
  });
}
