/** The plugin: imports of BPF C, and the addon beside the bundle. */
import { existsSync, readFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { createUnplugin } from 'unplugin';
import { requireOptions } from '../errors/arguments.js';
import { addonFile } from '../native/addon-file.js';
import { buildModule } from './module.js';
import { type BundlerOptions, bundlerOptions } from './options.js';

/** A plugin in the shape of one bundler. Each has a type of its own for it, and none of them is a dependency. */
// biome-ignore lint/suspicious/noExplicitAny: it goes where a bundler's own type is asked for
export type PluginOfBundler = any;

/** The plugin for each bundler, by the bundler's name. */
export interface BpfPlugin {
  esbuild(options?: BundlerOptions): PluginOfBundler;
  rolldown(options?: BundlerOptions): PluginOfBundler;
  rollup(options?: BundlerOptions): PluginOfBundler;
  rspack(options?: BundlerOptions): PluginOfBundler;
  vite(options?: BundlerOptions): PluginOfBundler;
  webpack(options?: BundlerOptions): PluginOfBundler;
}

/**
 * A plugin for esbuild, rollup, rolldown, vite, webpack and rspack, as `bpfPlugin.vite()` and its like: an import of
 * `./hello.bpf.js` builds `hello.bpf.c`, again when it or what it includes changes, and the addon is put beside the bundle,
 * which then runs without `node_modules`. Takes `unplugin`, which it does not bring.
 *
 * @example
 * ```ts
 * const plugins = [bpfPlugin.rolldown({ addon: 'linux-arm64' })];
 * ```
 */
export const bpfPlugin: BpfPlugin = /* @__PURE__ */ createUnplugin<BundlerOptions | undefined>(
  (options = {}) => {
    requireOptions('bpfPlugin()', options, bundlerOptions);
    const addon = options.addon === false ? undefined : addonFile(options.addon);
    return {
      name: 'libbpf-ts',
      enforce: 'pre',
      resolveId: (id, importer) => sourceOf(id, importer),
      loadInclude: id => id.endsWith('.bpf.c'),
      async load(id) {
        const { code, dependencies, warnings } = await buildModule(id, options);
        for (const file of dependencies) this.addWatchFile(resolve(file));
        for (const text of warnings) this.warn(text);
        if (addon === undefined) return code;
        const fileName = basename(addon);
        this.emitFile({ type: 'asset', fileName, source: readFileSync(addon) });
        return `${carrying(fileName)}${code}`;
      },
      // Of a server's build vite leaves emitted files out; beside a single output file unplugin's esbuild writes none.
      vite: { writeBundle: ({ dir = '.' }) => copyTo(dir, addon) },
      esbuild: {
        setup({ initialOptions: { outfile }, onEnd }) {
          if (outfile !== undefined) onEnd(() => copyTo(dirname(outfile), addon));
        },
      },
    };
  },
);

/** `./hello.bpf.js` where `hello.bpf.c` lies there; undefined for what is none of ours, or is found already. */
function sourceOf(id: string, importer: string | undefined): string | undefined {
  const [, base] = /^(.*\.bpf)(?:\.[cm]?[jt]s|\.c)?$/.exec(id) ?? [];
  if (base === undefined) return undefined;
  const source = resolve(importer === undefined ? '.' : dirname(importer), `${base}.c`);
  return id !== source && existsSync(source) ? source : undefined;
}

async function copyTo(folder: string, addon: string | undefined): Promise<void> {
  if (addon !== undefined) await copyFile(addon, join(folder, basename(addon)));
}

/** Says where the addon is, before the library looks for it: doors of one binary do the same. */
function carrying(fileName: string): string {
  return `globalThis[Symbol.for('libbpf-ts.addon')] ??= ${JSON.stringify(`./${fileName}`)};\n`;
}
