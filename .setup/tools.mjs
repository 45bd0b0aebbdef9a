// The tools of the package: each folder of `examples` whose main.ts defines one becomes a module and its BPF object in
// `dist/tools`. They are applications of the package, and find its doors by its name.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { rolldown } from 'rolldown';
import { root } from './paths.mjs';
import { toolNames } from './tool-names.mjs';

const target = join(root, 'dist/tools');

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
for (const name of toolNames) await buildTool(name);
console.log(readdirSync(target).join(' '));

/** @param {string} name */
async function buildTool(name) {
  const bundle = await rolldown({
    cwd: root,
    input: { [name]: `examples/${name}/main.ts` },
    platform: 'node',
    transform: { target: 'es2022' },
    external: /^libbpf-ts/,
    plugins: [
      { name: 'objects-apart', transform: (code, id) => (/\.bpf\.ts$/.test(id) ? apart(code, id) : null) },
    ],
  });
  await bundle.write({ dir: target, format: 'esm', minify: true });
}

/**
 * The object as a file beside the module: packed, text of bytes is a third larger.
 *
 * @param {string} code
 * @param {string} module
 */
function apart(code, module) {
  const object = basename(module).replace(/\.ts$/, '');
  let count = 0;
  return code.replaceAll('embedded', 'external').replace(/'([A-Za-z0-9+/=]{200,})'/g, (_, text) => {
    const file = `${object}${count++ || ''}.o`;
    writeFileSync(join(target, file), Buffer.from(text, 'base64'));
    return `new URL('./${file}', import.meta.url)`;
  });
}
