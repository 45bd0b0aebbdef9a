/** The pages in docs/ as projects: a block that names a file is that file, and consoles show what commands print. */
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from './child.js';

const docs = join(checkout, 'docs');
const folder = join(checkout, 'build/docs-pages');

/** One block of a page. */
export interface Block {
  readonly page: string;
  readonly language: string;
  /** The file that it is; undefined where it is part of none. */
  readonly file: string | undefined;
  readonly text: string;
}

/** One command of a page, and the lines that it is said to print. */
export interface Shown {
  readonly page: string;
  readonly command: string;
  readonly lines: readonly string[];
}

/** All blocks of all pages, in order; of the README those that name a file. */
export function blocks(): Block[] {
  const pages = readdirSync(docs).filter(name => name.endsWith('.md'));
  const readme = blocksOf(join(checkout, 'README.md'), 'README').filter(({ file }) => file !== undefined);
  return [...readme, ...pages.flatMap(name => blocksOf(join(docs, name), name.replace('.md', '')))];
}

function blocksOf(path: string, page: string): Block[] {
  const text = readFileSync(path, 'utf8');
  const all = text.matchAll(/^```(\w*)(?: (\S+))?\n([\s\S]*?)^```$/gm);
  return Array.from(all, ([, language = '', file, body = '']) => {
    return { page, language, file, text: body };
  });
}

/** What consoles show: a line that begins with `$` is a command. */
export function shown(): Shown[] {
  return blocks()
    .filter(({ language }) => language === 'console')
    .flatMap(({ page, text }) =>
      text
        .split(/^\$ /m)
        .slice(1)
        .map(part => {
          const [command = '', ...lines] = part.trimEnd().split('\n');
          return { page, command, lines };
        }),
    );
}

/** The folder of a page's files. */
export function folderOf(page: string): string {
  return join(folder, page);
}

/** Writes the files of all pages, each page in a folder of its own, where `libbpf-ts` is this checkout. */
export function writePages(): { readonly folder: string; readonly programs: readonly string[] } {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  symlinkSync(checkout, join(folder, 'node_modules/libbpf-ts'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(compilerOptions));
  const files = blocks().filter(({ file }) => file !== undefined);
  for (const { page, file = '', text } of files) {
    mkdirSync(folderOf(page), { recursive: true });
    writeFileSync(join(folderOf(page), file), text);
  }
  const programs = files.flatMap(({ page, file = '' }) =>
    file.endsWith('.bpf.c') ? [`${page}/${file}`] : [],
  );
  return { folder, programs };
}

const compilerOptions = {
  extends: '../projects/tracepoint/tsconfig.json',
  compilerOptions: { outDir: 'dist', rootDir: '.' },
  include: ['*/*.ts'],
};
