/** The programs of a script: assembled with the descriptors of its maps, loaded, attached, run. */
import { type AssembledProgram, assemble, type Insn, type InsnLine } from '../../doors/asm.js';
import { assembled, type Closable, type LoadedObject } from '../../index.js';
import type { CodeLine } from '../code/writer.js';
import type { CompiledProbe, CompiledScript } from '../compile.js';
import type { Trigger } from '../probes/plan.js';
import type { Script } from '../text/script.js';
import { type AttachTarget, attachProgram, isRunHere } from './attach.js';
import type { RunningMaps } from './maps.js';

/** A program that is loaded. Its section is known when the script is, so that its options are not typed. */
export interface RunningProgram {
  attach(options: object): Promise<Closable>;
  testRunSync(options?: object): unknown;
}

export async function loadPrograms(script: CompiledScript, maps: RunningMaps): Promise<LoadedObject> {
  const programs = Object.fromEntries(
    script.probes.map(each => [each.name, assembledProbe(each, script.script, maps)]),
  );
  return (await assembled('trace', programs, script.settings.license).load()) as unknown as LoadedObject;
}

/** @throws BpfError where a jump is too far */
function assembledProbe({ plan, lines }: CompiledProbe, script: Script, maps: RunningMaps): AssembledProgram {
  const text = lines.map(line =>
    line.text.replace(/map:([\w.]*)$/, (_, name: string) => `map[fd:${maps.descriptor(name)}]`),
  );
  const insns = assemble(text.join('\n'));
  return { section: plan.section, insns, lines: sourceLines(lines, insns, script) };
}

/** Each line of text is an instruction, but for labels. */
function sourceLines(lines: readonly CodeLine[], insns: readonly Insn[], script: Script): InsnLine[] {
  const found: InsnLine[] = [];
  let before: CodeLine['span'];
  let next = 0;
  for (const { text, span } of lines) {
    // Each function begins with a line of its own: check_btf_line() in kernel/bpf/check_btf.c asks for it.
    if (text.startsWith('each') && text.endsWith(':')) before = undefined;
    if (text.endsWith(':') && !text.includes(' ')) continue;
    const { index } = insns[next++] ?? { index: 0 };
    if (span === undefined || span === before) continue;
    before = span;
    const { line, column } = script.place(span.start);
    found.push({ index, file: script.name, text: script.line(line), line, column });
  }
  return found;
}

export function programOf(object: LoadedObject, name: string): RunningProgram {
  return (object as unknown as { programs: Record<string, RunningProgram> }).programs[name] as RunningProgram;
}

export function hasKind({ probes }: CompiledScript, kind: Trigger['kind']): boolean {
  return probes.some(({ plan }) => plan.trigger.kind === kind);
}

/** Nothing of it is attached that could still run. */
export function isOver(script: CompiledScript): boolean {
  return !hasKind(script, 'signal') && script.probes.every(({ plan }) => isRunHere(plan.trigger));
}

/** On this thread, whose number `tid` is. */
export function runAll(script: CompiledScript, object: LoadedObject, kind: 'begin' | 'end'): void {
  for (const { name, plan } of script.probes)
    if (plan.trigger.kind === kind) programOf(object, name).testRunSync();
}

/** @returns what detaches it. @throws BpfError where it cannot, unless the script says that probes may be missing */
export async function attachProbe(
  { settings }: CompiledScript,
  object: LoadedObject,
  { name, plan }: CompiledProbe,
  target: AttachTarget,
): Promise<Closable[]> {
  try {
    return await attachProgram(programOf(object, name), plan.trigger, target);
  } catch (error) {
    if (settings.missing_probes === 'error') throw error;
    return [];
  }
}
