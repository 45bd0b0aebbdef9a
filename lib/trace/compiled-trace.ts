/** A compiled script, and the ways to one: text, and templates. */

import { argumentError, requireList, requireOptions, requireText, shown } from '../errors/arguments.js';
import { type CompiledScript, compileScript } from './compile.js';
import { parseParameters, type ScriptArguments } from './expand/parameters.js';
import type { TraceTarget } from './machine.js';
import { resolveBinary } from './run/libraries.js';
import { thisMachine } from './run/machine.js';
import { TraceSession } from './run/session.js';
import { Trace } from './trace.js';
import { typeText } from './types/join.js';

/** Options of {@link compileTrace}. */
export interface CompileTraceOptions {
  /** What errors call the script, as its file; `trace` by default. */
  readonly name?: string;
  /** What stands behind the script on a command line: `$1`, and `--name=value` for `getopt()`. */
  readonly arguments?: readonly string[];
  /** Allows what changes the machine: `system()`. */
  readonly unsafe?: boolean;
  /** The process that `cpid` is. */
  readonly childPid?: number;
  /** The process whose files probes without one are of, as `usdt::PROVIDER:NAME`. */
  readonly pid?: number;
  /** What it is compiled for; this machine by default. With one, nothing of this machine is looked at. */
  readonly target?: TraceTarget;
}

/** Options of a running script. */
export interface StartTraceOptions {
  /** Ends the script, as `stop()` does. */
  readonly signal?: AbortSignal;
  /** The process that user probes, `profile` and perf events are about; every one by default. */
  readonly pid?: number;
}

/** Options of {@link trace}. */
export type TraceScriptOptions = Omit<CompileTraceOptions, 'arguments'> & StartTraceOptions;

/** What may stand in a template: numbers, text, true and false. */
export type TraceTemplateValue = number | bigint | string | boolean;

/** A script that is compiled and does not run yet. */
export class CompiledTrace {
  /** @internal */
  readonly script: CompiledScript;

  /** @internal */
  constructor(script: CompiledScript) {
    this.script = script;
  }

  /** The probes, as `probe` names them, patterns resolved. */
  get probes(): readonly string[] {
    return this.script.probes.map(({ plan }) => plan.name);
  }

  /** The script as a tree, as JSON. */
  tree(): string {
    return JSON.stringify(
      this.script.tree,
      (_, value) => (typeof value === 'bigint' ? Number(value) : value),
      2,
    );
  }

  /** What was found out of maps: a line each. */
  types(): string {
    const maps = this.script.maps.flatMap(({ name, types }) => {
      if (types === undefined) return [];
      return `@${name}${types.key ? `[${typeText(types.key)}]` : ''}: ${typeText(types.value)}\n`;
    });
    return maps.join('');
  }

  /** Its instructions as text, program by program. */
  toString(): string {
    return this.script.probes
      .map(({ plan, lines }) => [`// ${plan.name}`, ...lines.map(({ text }) => text), ''].join('\n'))
      .join('\n');
  }

  /**
   * Loads it, runs its `begin` probes, and attaches the others.
   *
   * @throws BpfError as `load()` and `attach()` of an object do: `EPERM` without CAP_BPF and CAP_PERFMON. Nothing stays
   * attached then.
   * @since Linux 5.8 (bpf_ringbuf_output() in kernel/bpf/ringbuf.c); loops 5.17 (bpf_loop() in kernel/bpf/bpf_iter.c), reading aggregations in
   * expressions 5.19 (bpf_map_lookup_percpu_elem() in kernel/bpf/helpers.c), func of the kernel's functions 5.15
   * (bpf_get_func_ip_kprobe() in kernel/trace/bpf_trace.c)
   */
  async start(options: StartTraceOptions = {}): Promise<Trace> {
    requireOptions('start a trace', options, ['signal', 'pid']);
    const { signal, pid } = options;
    if (signal !== undefined && !(signal instanceof AbortSignal))
      throw argumentError('start a trace', `signal is an AbortSignal, not ${shown(signal)}`);
    const session = await TraceSession.start(this.script, { pid, binaryPath: resolveBinary });
    return new Trace(session, signal);
  }
}

const compileNames = ['name', 'arguments', 'unsafe', 'childPid', 'pid', 'target'];

/**
 * Compiles a script of bpftrace's language. Given a `target` it needs no kernel and no rights.
 *
 * @param text - the script
 * @throws BpfError `ERR_BPF_ARGUMENT` with line, column, the line's text, what was expected, and the nearest name
 * @example
 * ```ts
 * const compiled = compileTrace('begin { printf("hello, %s\\n", str($1)); }', { arguments: ['world'] });
 * console.log(compiled.probes); // [ 'begin' ]
 * ```
 */
export function compileTrace(text: string, options: CompileTraceOptions = {}): CompiledTrace {
  requireText('compile a trace', 'a script', text);
  requireOptions('compile a trace', options, compileNames);
  const { arguments: words = [] } = options;
  requireList('compile a trace', 'arguments are a list of words', words);
  return compile(text, options, parseParameters(words));
}

function compile(
  text: string,
  { name = 'trace', unsafe = false, childPid, pid, target }: CompileTraceOptions,
  parameters: ScriptArguments,
): CompiledTrace {
  const environment = target === undefined ? process.env : {};
  const allowed = { isUnsafeAllowed: unsafe, childPid };
  const machine: TraceTarget = Object.assign(Object.create(target ?? thisMachine(pid)), allowed);
  return new CompiledTrace(compileScript(text, { name, parameters, environment, target: machine }));
}

/** A template of a script, which starts it. */
export type TraceTag = (
  text: TemplateStringsArray,
  ...values: readonly TraceTemplateValue[]
) => Promise<Trace>;

/**
 * Runs a script of bpftrace's language: compiled here, without clang, to BPF. What stands in `${…}` is a value and never
 * text of the program, so that nothing in it can become code; in an attach point it stands for a part of it.
 *
 * With options it gives the tag: `` trace({ signal })`…` ``.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` for a script that makes no sense, with its place; else as `load()` and `attach()` do
 * @since Linux 5.8 (bpf_ringbuf_output() in kernel/bpf/ringbuf.c)
 * @example
 * ```ts
 * await using running = await trace`begin { @sum = sum(${20}); @sum = sum(22); }`;
 * for await (const event of running) console.log(event.text); // @sum: 42
 * ```
 */
export function trace(text: TemplateStringsArray, ...values: readonly TraceTemplateValue[]): Promise<Trace>;
export function trace(options: TraceScriptOptions): TraceTag;
export function trace(
  given: TemplateStringsArray | TraceScriptOptions,
  ...values: readonly TraceTemplateValue[]
): Promise<Trace> | TraceTag {
  if (Array.isArray(given)) return start(given as unknown as TemplateStringsArray, values, {});
  requireOptions('trace', given, ['name', 'unsafe', 'childPid', 'target', 'signal', 'pid']);
  return (text, ...more) => start(text, more, given as TraceScriptOptions);
}

/** Values are parameters of the script: `$1` stands where each was. */
async function start(
  { raw, length }: TemplateStringsArray,
  values: readonly TraceTemplateValue[],
  { signal, pid, ...options }: TraceScriptOptions,
): Promise<Trace> {
  const text = Array.from({ length }, (_, at) => (at === 0 ? raw[0] : `$${at}${raw[at]}`)).join('');
  const positional = values.map(parameterOf);
  const compiled = compile(
    text,
    { ...options, ...(pid !== undefined && { pid }) },
    { positional, named: {} },
  );
  return compiled.start({ ...(signal && { signal }), ...(pid !== undefined && { pid }) });
}

function parameterOf(value: TraceTemplateValue): string | bigint | boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint') return value;
  if (Number.isSafeInteger(value)) return BigInt(value);
  throw argumentError(
    'trace',
    `a value in a script is a whole number, text, true or false, not ${shown(value)}`,
  );
}
