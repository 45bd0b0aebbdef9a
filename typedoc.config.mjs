// The site of the documentation: `npm run docs`.
import { siteLinks } from './.setup/repository.mjs';

/** @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
  name: 'libbpf-ts',
  entryPoints: [
    'lib/index.ts',
    'lib/doors/*.ts',
    'lib/symbols/index.ts',
    'lib/plot/index.ts',
    'lib/containers/index.ts',
    'lib/processes/index.ts',
    'lib/profile/index.ts',
    'lib/trace/index.ts',
    'lib/telemetry/index.ts',
    'lib/tool/index.ts',
  ],
  tsconfig: 'tsconfig.json',
  readme: 'docs/index.md',
  projectDocuments: ['docs/[!i]*.md'],
  out: 'build/docs',
  customCss: 'docs/site.css',
  groupOrder: ['Learn', 'Production', 'Recipes', '*'],
  excludeInternal: true,
  excludePrivate: true,
  disableSources: true,
  githubPages: false,
  hideGenerator: true,
  highlightLanguages: [
    'typescript',
    'javascript',
    'c',
    'console',
    'json',
    'yaml',
    'ini',
    'docker',
    'shellscript',
  ],
  includeVersion: true,
  navigationLinks: siteLinks(),
  validation: { invalidLink: true, invalidPath: true, notExported: false, notDocumented: false },
};
