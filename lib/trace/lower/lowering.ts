/** One program while it is lowered: its steps, words of its stack, its memory, and what it tells the process. */
import type { BpfError } from '../../errors/bpf-error.js';
import type { Action, Loss } from '../actions.js';
import { compare, constant, firstSlot, helper, type Step, type Value } from '../form/form.js';
import type { TextTable } from '../tables.js';
import type { Span } from '../text/script.js';
import type { Expression, Statement } from '../tree/tree.js';
import type { TypedProgram, Unit } from '../types/program.js';
import { isScalar, padded, storageSize, type Type, unknown } from '../types/type.js';
import type { Typing } from '../types/typing.js';
import { assignedInLoops } from './loop-variables.js';
import { countLoss } from './loss.js';
import { ringMap, tableMap } from './map-names.js';

/** Words of the stack for a program: more of its variables are in its memory. */
const mostSlots = 36;
/** The kernel's limit for a value for each CPU (PCPU_MIN_UNIT_SIZE in include/linux/percpu.h). */
const mostFrame = 32_768;

/** How expressions and statements become steps, each of the other: files know it by their lowering alone. */
export interface Ways {
  /** The value, where it is kept: of an aggregation its number. */
  readonly lower: (lowering: Lowering, given: Expression) => Value;
  /** A value of one type as another, in memory of that type. */
  readonly lowerAs: (lowering: Lowering, given: Expression, as: Type) => Value;
  readonly lowerStatements: (lowering: Lowering, body: readonly Statement[]) => void;
}

/** What all programs of a script have in common. */
export interface Shared {
  readonly actions: Action[];
  readonly losses: Loss[];
}

export class Lowering {
  readonly #ways: Ways;
  readonly program: TypedProgram;
  readonly unit: Unit;
  readonly typing: Typing;
  readonly actions: Action[];
  readonly losses: Loss[];
  /** Texts that it looks up. */
  readonly tables = new Set<TextTable>();
  steps: Step[] = [];
  slots = firstSlot;
  mostSlots = firstSlot;
  frameSize = 0;
  mostFrameSize = 0;
  /** The statement that is lowered. */
  place: Span;
  #variables = new Map<string, Value>();
  /** Variables that loops assign to: of words of the stack the verifier would follow each number that they may be. */
  readonly #changing: ReadonlySet<string>;

  constructor(program: TypedProgram, unit: Unit, typing: Typing, shared: Shared, ways: Ways) {
    this.#ways = ways;
    this.#changing = assignedInLoops(unit.probe.body);
    this.program = program;
    this.unit = unit;
    this.typing = typing;
    this.actions = shared.actions;
    this.losses = shared.losses;
    this.place = unit.probe;
  }

  lower(given: Expression): Value {
    return this.#ways.lower(this, given);
  }

  lowerAs(given: Expression, as: Type): Value {
    return this.#ways.lowerAs(this, given, as);
  }

  lowerStatements(body: readonly Statement[]): void {
    this.#ways.lowerStatements(this, body);
  }

  type(given: Expression): Type {
    return this.unit.types.get(given) ?? this.typing.typeOf(given);
  }

  refuse(at: Span, reason: string, hint?: string): BpfError {
    return this.program.script.error(at, reason, hint);
  }

  push(step: Step): void {
    if (step.op === 'at') this.place = step.span;
    this.steps.push(step);
  }

  /** The steps of what it lowers, apart from those before. */
  capture(lower: () => void): Step[] {
    const before = this.steps;
    this.steps = [];
    lower();
    const captured = this.steps;
    this.steps = before;
    return captured;
  }

  /** What it takes of stack and memory is free again behind it. */
  scoped<T>(lower: () => T): T {
    const [slots, frame, variables] = [this.slots, this.frameSize, this.#variables];
    this.#variables = new Map(variables);
    const result = lower();
    this.slots = slots;
    this.frameSize = frame;
    this.#variables = variables;
    return result;
  }

  slot(at?: Span): number {
    if (this.slots >= mostSlots + 4)
      throw this.refuse(
        at ?? this.unit.probe,
        'this takes more than the 512 bytes of a BPF stack',
        'use fewer values at once',
      );
    const slot = this.slots++;
    this.mostSlots = Math.max(this.mostSlots, this.slots);
    return slot;
  }

  /** Memory for that many bytes. */
  frame(size: number): Value {
    const offset = this.frameSize;
    this.frameSize += padded(size);
    this.mostFrameSize = Math.max(this.mostFrameSize, this.frameSize);
    if (this.frameSize <= mostFrame) return { op: 'frame', offset };
    throw this.refuse(
      this.unit.probe,
      `this takes more than ${mostFrame} bytes of memory`,
      'use shorter strings, or fewer of them',
    );
  }

  /** Computes it now; what is known anyway stays as it is. */
  pin(value: Value): Value {
    if (value.op === 'constant' || value.op === 'frame' || value.op === 'context' || value.op === 'map')
      return value;
    const slot = this.slot();
    this.push({ op: 'set', slot, value });
    return { op: 'local', slot };
  }

  /** A value that what is lowered next must not change. */
  before<T>(value: Value, lower: () => T): { value: Value; next: T } {
    let next: T | undefined;
    const slot = this.slots;
    const steps = this.capture(() => {
      if (!isFixed(value)) this.slot();
      next = lower();
    });
    const needsPin = steps.length > 0 && !isFixed(value);
    if (needsPin) this.push({ op: 'set', slot, value });
    this.steps.push(...steps);
    return { value: needsPin ? { op: 'local', slot } : value, next: next as T };
  }

  /** Where a variable is: a word of the stack, or an address. */
  variable(name: string): Value {
    const known = this.#variables.get(name);
    if (known !== undefined) return known;
    const type = this.variableType(name);
    const made: Value =
      isScalar(type) && this.slots < mostSlots / 2 && !this.#changing.has(name)
        ? { op: 'local', slot: this.slot() }
        : this.frame(storageSize(type));
    this.#variables.set(name, made);
    return made;
  }

  variableType(name: string): Type {
    return this.program.variables.get(name) ?? unknown;
  }

  /** Sends a record: the number of an action, and values behind it, which are in memory already. */
  emit(action: Action, record: Value, size: number, map = ringMap, isCounted = true): void {
    const number = this.actions.push(action) - 1;
    this.push({ op: 'store', to: record, offset: 0, size: 8, value: constant(number) });
    this.scoped(() => {
      const sent = this.pin(helper('ringbuf_output', { op: 'map', name: map }, record, size, 0));
      this.push({
        op: 'if',
        condition: compare('!=', sent, 0),
        whenTrue: isCounted ? countLoss(this, { span: action.span }) : [],
        whenFalse: [],
      });
    });
  }

  /** The name of the map that has a table of texts. */
  table(table: TextTable): string {
    this.tables.add(table);
    return tableMap(table);
  }

  /** The address of a key that is 0. */
  zeroKey(): Value {
    const slot = this.slot();
    this.push({ op: 'set', slot, value: constant(0) });
    return { op: 'stack', slot };
  }
}

/** True where nothing that runs later changes it. */
function isFixed(value: Value): boolean {
  return value.op === 'constant' || value.op === 'frame' || value.op === 'context';
}
