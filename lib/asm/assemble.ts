/**
 * Text to instructions: what the verifier, bpftool (print_bpf_insn() in kernel/bpf/disasm.c) and clang print, with
 * names for places.
 */
import { argumentError, requireList, shown } from '../errors/arguments.js';
import type { BpfError } from '../errors/bpf-error.js';
import { type Insn, insn, insnLength } from './insn.js';
import { Misfit } from './operand.js';
import { statementOf } from './statement.js';
import type { Statement } from './statement-parts.js';

/** What may stand between the lines: numbers, and what has a descriptor, as a map. */
export type AsmValue = number | bigint | string | { readonly fd: number };

/**
 * Instructions from the text that the verifier and clang write them in, one a line or with `;` between them. A line may
 * begin with a label, which jumps and calls name; helpers are called by name; maps stand for themselves, and have to be
 * open until the program is loaded. A constant in hexadecimal takes 64 bits. `//` begins a comment.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` with the line and what is wrong
 * @example
 * ```ts
 * const counts = await createMap(map('array', u32, u64), { maxEntries: 1 });
 * const count = asm`
 *   *(u32 *)(r10 -4) = 0
 *   r1 = ${counts}
 *   r2 = r10
 *   r2 += -4
 *   call bpf_map_lookup_elem
 *   if r0 == 0 goto out
 *   r1 = 1
 *   lock *(u64 *)(r0 +0) += r1
 * out:
 *   r0 = 2 // XDP_PASS
 *   exit`;
 * ```
 */
export function asm(text: TemplateStringsArray, ...values: readonly AsmValue[]): Insn[] {
  requireList('assemble', 'a template', text);
  return assemble(String.raw({ raw: text }, ...values.map(textOf)));
}

function textOf(value: AsmValue): string {
  return typeof value === 'object' ? `map[fd:${value.fd}]` : `${value}`;
}

interface Line {
  readonly statement: Statement;
  readonly index: number;
  readonly where: string;
}

/**
 * {@link asm} of a text.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` with the line and what is wrong
 */
export function assemble(text: string): Insn[] {
  if (typeof text !== 'string') throw argumentError('assemble', `instructions are text, not ${shown(text)}`);
  const { lines, labels } = parse(text);
  return lines.map(line => located(line, () => placed(line, labels)));
}

function parse(text: string) {
  const labels = new Map<string, number>();
  const lines: Line[] = [];
  let index = 0;
  text.split('\n').forEach((source, at) => {
    for (const part of source.replace(/\/\/.*/, '').split(';')) {
      const [, label, rest = ''] = /^\s*(?:([A-Za-z_.$][\w.$]*):)?(.*)$/.exec(part) ?? [];
      const where = `line ${at + 1}: ${part.trim()}`;
      if (label !== undefined) define(labels, label, index, where);
      const words = rest.trim().replace(/\s+/g, ' ');
      if (words === '') continue;
      const statement = located({ where }, () => statementOf(words));
      lines.push({ statement, index, where });
      index += insnLength(statement);
    }
  });
  return { lines, labels };
}

function define(labels: Map<string, number>, label: string, index: number, where: string): void {
  if (labels.has(label)) throw misfit(where, `there are two labels ${label}`);
  labels.set(label, index);
}

/** The instruction, which knows now where its label is. */
function placed({ statement: { label, ...fields }, index }: Line, labels: ReadonlyMap<string, number>): Insn {
  if (label === undefined) return insn({ ...fields, index });
  const target = labels.get(label);
  if (target === undefined) throw new Misfit(`there is no label ${label}, and no helper of that name`);
  const distance = target - index - 1;
  const { kind } = insn(fields);
  const long = kind === 'subprogram' || kind === 'func' || (kind === 'goto' && (fields.code ?? 0) % 8 === 6);
  if (long) return insn({ ...fields, index, imm: distance });
  if (distance < -0x8000 || distance > 0x7fff)
    throw new Misfit(`${label} is ${distance} instructions away, which does not fit into 16 bits: use gotol`);
  return insn({ ...fields, index, off: distance });
}

function located<T>({ where }: Pick<Line, 'where'>, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof Misfit ? misfit(where, error.message) : error;
  }
}

function misfit(where: string, reason: string): BpfError {
  return argumentError(`assemble ${where}`, reason);
}
