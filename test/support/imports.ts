/** What the files of `lib` import, as their text says. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import ts from 'typescript';

/** One import of one file. */
export interface Import {
  /** Our own as a path from the root, anything else by its name. */
  readonly name: string;
  /** True where nothing is left of it at run time. */
  readonly typesOnly: boolean;
}

/** Paths start at the root and keep the ending of the source. */
export function sources(folder: string, ending: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter(name => name.endsWith(ending)).map(name => join(folder, name));
}

const statement = /^(?:import|export)\s(?:([^'"`;]*?)\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm;

/** Imports and re-exports, dynamic ones too; none that stands in a text, as of a project that is made. */
export function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  const real = new Set(ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName));
  const found = [...text.matchAll(statement)].filter(([, , named, dynamic]) =>
    real.has(named ?? dynamic ?? ''),
  );
  return found.map(([, clause = '', named, dynamic]) => {
    return { name: resolve(file, named ?? dynamic ?? ''), typesOnly: bringsTypesOnly(clause) };
  });
}

function bringsTypesOnly(clause: string): boolean {
  if (clause.startsWith('type ')) return true;
  const names = /^\{([^}]*)\}$/.exec(clause.trim())?.[1]?.split(',') ?? [''];
  return (
    names.filter(name => name.trim() !== '').every(name => name.trim().startsWith('type ')) && names[0] !== ''
  );
}

function resolve(file: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  return normalize(join(file, '..', specifier)).replace(/\.js$/, '.ts');
}

/** Groups of files that reach each other; a file alone is none. */
export function circlesIn(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const reached = new Map([...graph.keys()].map(name => [name, reachedFrom(name, graph)]));
  const inCircle = [...graph.keys()].filter(name => reached.get(name)?.has(name));
  const groups = inCircle.map(name =>
    inCircle.filter(each => reached.get(name)?.has(each) && reached.get(each)?.has(name)),
  );
  return [...new Map(groups.map(group => [group.join(), group])).values()];
}

function reachedFrom(start: string, graph: ReadonlyMap<string, readonly string[]>): Set<string> {
  const reached = new Set<string>();
  const open = [start];
  for (let name = open.pop(); name !== undefined; name = open.pop())
    for (const next of graph.get(name) ?? [])
      if (!reached.has(next)) {
        reached.add(next);
        open.push(next);
      }
  return reached;
}
