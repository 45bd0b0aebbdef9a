/** A `.bpf.c` file as a module of an application: built, written beside its source, and given as JavaScript. */
import { readFileSync } from 'node:fs';
import { type BuiltObject, build } from '../compile/build.js';
import { writeTogether } from '../compile/files.js';
import { emit } from '../gen/index.js';
import type { BundlerOptions } from './options.js';

/** What a bundler gets for a source. */
interface SourceModule {
  readonly code: string;
  /** A change in one of them means to build again. */
  readonly dependencies: readonly string[];
  readonly warnings: readonly string[];
}

/** @throws BpfError as {@link build} and {@link writeTogether} do */
export async function buildModule(source: string, options: BundlerOptions): Promise<SourceModule> {
  const { write = true, addon: _, ...building } = options;
  const { objects, module, cautions } = await build(source, building);
  const typed = { path: source.replace(/c$/, 'ts'), content: module };
  const files = [...objects.map(({ path, object }) => ({ path, content: object })), typed];
  if (write && files.some(isNew)) await writeTogether(files);
  const { targets, types, forms } = options;
  const code = emit(contentOf(objects, targets), source.replace(/c$/, 'o'), {
    types,
    forms,
    language: 'javascript',
  });
  return {
    code,
    dependencies: [...new Set(objects.flatMap(({ dependencies }) => dependencies))],
    warnings: [...new Set(objects.map(({ warnings }) => warnings)), ...cautions].filter(text => text !== ''),
  };
}

/** As {@link emit} takes them: the only one, or one for each processor. */
function contentOf(objects: readonly BuiltObject[], targets: readonly string[] | undefined) {
  const bytes = objects.map(({ object }) => object);
  if (targets === undefined) return bytes[0] as Uint8Array;
  return Object.fromEntries(targets.map((target, at) => [target, bytes[at] as Uint8Array]));
}

/** What is as it was is left alone: a bundler that watches it would build for ever. */
function isNew({ path, content }: { readonly path: string; readonly content: string | Uint8Array }): boolean {
  try {
    return !readFileSync(path).equals(Buffer.from(content));
  } catch {
    return true;
  }
}
