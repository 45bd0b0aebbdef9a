/** One step from BPF C to what a program imports: the objects and their typed module. */

import { requireOptions, requireText } from '../errors/arguments.js';
import { type EmitOptions, emit, emitOptions, objectFileFor } from '../gen/index.js';
import { listCautions } from './cautions.js';
import { type Compiled, type CompileOptions, compile, compileOptions } from './compile.js';

/** How to compile, and how the module carries its object. */
export interface BuildOptions extends CompileOptions, EmitOptions {
  /**
   * Processors to compile for, as `process.arch` names them; the module chooses when it is opened. Default: this
   * one alone.
   */
  readonly targets?: readonly string[] | undefined;
}

/** One object file; the caller writes it. */
export interface BuiltObject extends Compiled {
  readonly path: string;
}

/** What {@link build} makes; the caller writes the files. */
export interface Built {
  /** One, or one for each target. */
  readonly objects: readonly BuiltObject[];
  /** Text of the `.bpf.ts` file. */
  readonly module: string;
  /** What of the objects is not read as it is declared, and why; empty for most. */
  readonly cautions: readonly string[];
}

/**
 * Compiles a `.bpf.c` file and writes the typed module for it.
 *
 * @throws BpfError as {@link compile} and {@link emit} do.
 */
export async function build(source: string, options: BuildOptions = {}): Promise<Built> {
  requireText('build', 'a source', source);
  requireOptions('build', options, ['targets', ...compileOptions, ...emitOptions]);
  const { targets, types, forms, external, language, ...compiling } = options;
  const emitting = { types, forms, external, language };
  const path = objectFile(source);
  if (!targets) {
    const compiled = await compile(source, compiling);
    const cautions = listCautions(compiled.object, path);
    return { objects: [{ ...compiled, path }], module: emit(compiled.object, path, emitting), cautions };
  }
  const objects: Record<string, BuiltObject> = {};
  for (const target of targets) {
    const compiled = await compile(source, { ...compiling, target });
    objects[target] = { ...compiled, path: objectFileFor(path, target) };
  }
  const bytes = Object.fromEntries(Object.entries(objects).map(([target, { object }]) => [target, object]));
  const all = Object.values(objects);
  const cautions = new Set(all.flatMap(({ object }) => listCautions(object, path)));
  return { objects: all, module: emit(bytes, path, emitting), cautions: [...cautions] };
}

/** `dir/x.bpf.c` makes `dir/x.bpf.o`. */
function objectFile(source: string): string {
  return source.replace(/\.c$/, '.o');
}
