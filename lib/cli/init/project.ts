/** The files of a new project. */
import { appText, mainText, testText } from './application.js';
import { type ProjectKindName, projectKinds } from './kinds.js';
import { programText } from './program.js';

/**
 * Files by name.
 *
 * @param name - of the package
 * @param version - of this one, which the project depends on
 */
export function projectFiles(
  kind: ProjectKindName,
  name: string,
  version: string,
): Readonly<Record<string, string>> {
  const row = projectKinds[kind];
  return {
    'package.json': json(manifest(name, version)),
    'tsconfig.json': json(compilerOptions),
    '.gitignore': 'node_modules/\ndist/\n*.bpf.o\n*.bpf.ts\n',
    'hello.bpf.c': programText(row),
    'app.ts': appText(row),
    'main.ts': mainText(row),
    'app.test.ts': testText(row),
  };
}

function manifest(name: string, version: string) {
  return {
    name,
    version: '0.0.0',
    private: true,
    type: 'module',
    scripts: {
      build: 'libbpf-ts build hello.bpf.c && tsc',
      start: 'node dist/main.js',
      test: 'node --test dist/app.test.js',
    },
    dependencies: { 'libbpf-ts': `^${version}` },
    devDependencies: { '@types/node': '^20.19.0', typescript: '^6.0.0' },
  };
}

/** Imports name the .ts files, so that Node can run them as they are too. */
const compilerOptions = {
  compilerOptions: {
    target: 'es2022',
    module: 'nodenext',
    lib: ['es2024', 'esnext.disposable'],
    types: ['node'],
    outDir: 'dist',
    rootDir: '.',
    strict: true,
    verbatimModuleSyntax: true,
    erasableSyntaxOnly: true,
    rewriteRelativeImportExtensions: true,
    skipLibCheck: true,
  },
  include: ['*.ts'],
};

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
