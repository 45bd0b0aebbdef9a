/** The table of commands: each is loaded when it is asked for, so that none waits for what others need. */
import type { Command } from '../command/command.js';
import { findTool } from './tool-files.js';

/** In the order in which a newcomer needs them. `help` and `--version` are main's own. */
const table: Readonly<Record<string, () => Promise<Command>>> = {
  init: async () => (await import('./init/init.js')).init,
  build: async () => (await import('./build.js')).build,
  generate: async () => (await import('./generate.js')).generate,
  run: async () => (await import('./run.js')).run,
  trace: async () => (await import('./trace/trace.js')).trace,
  vmlinux: async () => (await import('./vmlinux.js')).vmlinux,
  btf: async () => (await import('./btf.js')).btf,
  doctor: async () => (await import('./doctor.js')).doctor,
  list: async () => (await import('./list.js')).list,
  show: async () => (await import('./show.js')).show,
  dump: async () => (await import('./dump.js')).dump,
  top: async () => (await import('./top.js')).top,
  metrics: async () => (await import('./metrics.js')).metrics,
  tools: async () => (await import('./tools.js')).tools,
  rebuild: async () => (await import('./rebuild.js')).rebuild,
};

/** What may stand behind `libbpf-ts`. */
export const commandNames: readonly string[] = Object.keys(table);

/** One command or tool; undefined where there is none of that name. */
export async function findCommand(name: string): Promise<Command | undefined> {
  return Object.hasOwn(table, name) ? table[name]?.() : findTool(name);
}

/** All of them, for the overview. */
export function allCommands(): Promise<Command[]> {
  return Promise.all(Object.values(table).map(load => load()));
}
