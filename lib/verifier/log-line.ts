/** One line of the verifier's log: an instruction, its source, a state of registers, bookkeeping, or words. */

/** An instruction that the verifier looked at. */
export interface Instruction {
  /** Its number in the program as it was loaded, functions behind the main one included. */
  readonly index: number;
  /** As `r0 = *(u64 *)(r0 +0)`. */
  readonly text: string;
}

/** A line by what it is. */
export type LogLine =
  | { readonly kind: 'instruction'; readonly instruction: Instruction; readonly state: string }
  | {
      readonly kind: 'source';
      readonly text: string;
      /** From Linux 6.9 on (verbose_linfo() in kernel/bpf/log.c). */
      readonly file: string | undefined;
      readonly line: number;
    }
  | { readonly kind: 'state'; readonly text: string }
  | { readonly kind: 'bookkeeping' }
  | { readonly kind: 'words'; readonly text: string };

const instruction = /^(\d+): \([0-9a-f]{2}\) /;
/** What an instruction left, behind its text. A search for blanks before it would begin anew at each of them. */
const left = /; ((?:frame\d+: )?[ \t]*(?:R\d+|fp|refs).*|)$| \d+: (?:frame\d+: )?R\d+=.*$/;
const source = /^; (.*?)(?: @ ([^@]+?):(\d+)(?::\d+)?)?$/;
const state =
  /^(?:(?:\d+|from \d+ to \d[^:]*): ?)?\s*(?:frame\d+:\s*)?(?:[cR]\d+(?:_\w+)?=|fp-\d+(?:_\w+)?=|$|safe$)/;
const bookkeeping =
  /^(?:processed \d+ insns|verification time|stack depth|max_states|insns processed|mark_precise|regs=|last_idx|parent |propagating|func#\d+ @|caller:|callee:|returning from callee:|to caller at|Live regs|Validating |Func#\d+ |arg#\d+ (?:reference type|type is not)|Unrecognized arg|stack_size|\s*$)/;

/** Reads a line. */
export function logLine(text: string): LogLine {
  const [head, index] = text.match(instruction) ?? [];
  if (head !== undefined) return instructionLine(Number(index), text.slice(head.length));
  const said = text.startsWith('; ') ? text.match(source) : null;
  if (said !== null)
    return { kind: 'source', text: said[1] ?? '', file: said[2], line: Number(said[3] ?? 0) };
  if (bookkeeping.test(text)) return { kind: 'bookkeeping' };
  if (state.test(text)) return { kind: 'state', text };
  // Some messages lack their line's end, so that the last line of print_verification_stats() in kernel/bpf/verifier.c
  // follows on the same.
  return { kind: 'words', text: text.replace(/processed \d+ insns \(limit.*/, '').trim() };
}

function instructionLine(index: number, text: string): LogLine {
  const found = text.match(left);
  const code = found ? text.slice(0, found.index).trimEnd() : text;
  return { kind: 'instruction', instruction: { index, text: code }, state: found?.[1] ?? '' };
}

/** Registers and slots of the stack in a state, as `R1` and `fp-8`. */
export function registersIn(text: string): [name: string, value: string][] {
  const entries = text.matchAll(
    /(?:^|[\s:])(R\d+|fp-\d+)(?:_\w+)?=((?:[^\s()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*)/g,
  );
  return Array.from(entries, ([, name = '', value = '']) => [name, value]);
}
