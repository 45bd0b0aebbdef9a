/** What an application that loads one generated module carries of this library, minified, and what comes later. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type OutputChunk, rolldown } from 'rolldown';
import { expect, it } from 'vitest';

/**
 * Bytes at the start. What is over is to be loaded on demand, or passed in by the modules that need it; docs/bundling.md
 * lists what cannot be.
 */
const applications: readonly [path: string, most: number][] = [
  // Probes with arrays and globals.
  ['test/bpf/user', 117_000],
  // A dozen kinds of maps.
  ['test/bpf/maps', 128_000],
  // Streams of events, whose records come without waiting.
  ['examples/execsnoop/execsnoop', 151_000],
  ['test/bpf/probe', 157_000],
];

it.each(applications)('%s', async (path, most) => {
  const { start, later } = await bundled(path);
  const own = await bundled(path, ['libbpf-ts/skeleton']);
  const size = sizeOf(start) - sizeOf(own.start);
  console.log(
    `${path}: ${size} bytes of the library and ${sizeOf(own.start)} of its own at the start, ${sizeOf(later)} on demand`,
  );
  expect(size).toBeLessThan(most);
  expect(textOf(start)).not.toContain(remedy());
  expect(textOf(later)).toContain(remedy());
});

it('has the ways to attach and the maps of its module, and no others', async () => {
  const { start } = await bundled('test/bpf/user');
  expect(textOf(start)).toContain('uretprobe');
  for (const other of ['cgroup_skb/ingress', 'netkit/primary', 'kprobe.session'])
    expect(textOf(start)).not.toContain(other);
});

/** The application's first files, and those that it may load. */
async function bundled(
  path: string,
  external: readonly string[] = [],
): Promise<Record<'start' | 'later', OutputChunk[]>> {
  const name = path.split('/').at(-1);
  const module = resolve(`${path}.bpf.ts`);
  if (!existsSync(module)) throw new Error(`${module} is not built: npm run setup`);
  const source = `import { ${name} } from ${JSON.stringify(module)};
const bpf = await ${name}.load();
await bpf.attach();
console.log(bpf.maps, bpf.globals);`;
  const build = await rolldown({
    input: 'application',
    platform: 'node',
    external: ['node-gyp-build', ...external],
    resolve: {
      alias: external.length > 0 ? {} : { 'libbpf-ts/skeleton': resolve('dist/doors/skeleton.js') },
    },
    plugins: [
      {
        name: 'application',
        resolveId: id => (id === 'application' ? join(resolve('test'), 'application.ts') : undefined),
        load: id => (id.endsWith('test/application.ts') ? source : undefined),
      },
    ],
  });
  const { output } = await build.generate({ format: 'esm', minify: true });
  const chunks = output.filter(each => each.type === 'chunk');
  const first = chunks.filter(({ isEntry }) => isEntry);
  for (const chunk of first)
    first.push(...chunks.filter(each => chunk.imports.includes(each.fileName) && !first.includes(each)));
  return { start: first, later: chunks.filter(each => !first.includes(each)) };
}

/** Without the module's own object, which is text of base64. */
function sizeOf(chunks: readonly OutputChunk[]): number {
  return Buffer.byteLength(textOf(chunks).replace(/[A-Za-z0-9+/=]{400,}/g, ''));
}

function textOf(chunks: readonly OutputChunk[]): string {
  return chunks.map(({ code }) => code).join('\n');
}

/** A sentence that only the diagnoses of the verifier's errors have. */
function remedy(): string {
  const [, text = ''] = /why:\s*'([^'\\]{30,})'/.exec(readFileSync('lib/verifier/mistakes.ts', 'utf8')) ?? [];
  if (text === '') throw new Error('mistakes.ts has no sentence');
  return text;
}
