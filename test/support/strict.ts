/** Generated modules under the strict compiler. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** Complaints of the strict compiler about modules, against the real library's types; `folder` takes the files. */
export function complaints(folder: string, ...texts: string[]): string[] {
  const library = fileURLToPath(new URL('../../lib/', import.meta.url));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(folder, 'skeleton.ts'),
    `import type { Description } from '${library}gen/index.js';
     import type { Kind } from '${library}object/kinds.js';
     export * from '${library}doors/skeleton.js';
     export const skeleton = <const D extends Description>(description: D, _kinds: readonly Kind[]): D => description;`,
  );
  const files = texts.map((text, i) => {
    const local = text.replace("'libbpf-ts/skeleton'", "'./skeleton.js'");
    writeFileSync(join(folder, `module${i}.ts`), local);
    return join(folder, `module${i}.ts`);
  });
  const { config } = ts.readConfigFile(join(library, '../tsconfig.json'), ts.sys.readFile);
  const types = { types: ['node'], typeRoots: [join(library, '../node_modules/@types')] };
  const { options } = ts.convertCompilerOptionsFromJson(
    { ...config.compilerOptions, ...types, noEmit: true, rootDir: '/' },
    folder,
  );
  const program = ts.createProgram(files, options);
  return ts.getPreEmitDiagnostics(program).map(({ messageText, file, start }) => {
    const line = file?.text.slice(start).split('\n')[0];
    return `${ts.flattenDiagnosticMessageText(messageText, ' ')}: ${line}`;
  });
}
