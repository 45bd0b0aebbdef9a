/** The public door `libbpf-ts/bundler`: BPF C as modules of an application, for esbuild, rollup, rolldown, vite and webpack. */

export type { BundlerOptions } from '../bundler/options.js';
export { type BpfPlugin, bpfPlugin, type PluginOfBundler } from '../bundler/plugin.js';
