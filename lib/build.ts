/** One step from BPF C to what a program imports: the object and its typed module. */
import { type Compiled, type CompileOptions, compile } from './compile.js';
import { type EmitOptions, emit } from './gen/index.js';

/** How to compile, and how the module carries its object. */
export interface BuildOptions extends CompileOptions, EmitOptions {}

/** What {@link build} makes; the caller writes both files. */
export interface Built extends Compiled {
  /** Text of the `.bpf.ts` file. */
  readonly module: string;
}

/**
 * Compiles a `.bpf.c` file and writes the typed module for it.
 *
 * @throws BpfError as {@link compile} and {@link emit} do.
 */
export async function build(source: string, options: BuildOptions = {}): Promise<Built> {
  const compiled = await compile(source, options);
  return { ...compiled, module: emit(compiled.object, objectFile(source), options) };
}

/** `dir/x.bpf.c` makes `dir/x.bpf.o`. */
export function objectFile(source: string): string {
  return source.replace(/\.c$/, '.o');
}
