/** The tools of this package: each is a module in `dist/tools`, made of a folder in `examples`. The files are the list. */
import { existsSync, readdirSync } from 'node:fs';
import type { Command } from '../command/command.js';
import { findPackage } from '../package.js';

/** What may stand behind `libbpf-ts`, in the order of the alphabet. */
export function toolNames(): string[] {
  const folder = toolFolder();
  if (folder === undefined || !existsSync(folder)) return [];
  const files = readdirSync(folder).filter(file => file.endsWith('.js'));
  return files.map(file => file.slice(0, -'.js'.length)).sort();
}

/** One tool, loaded; undefined where there is none of that name. */
export async function findTool(name: string): Promise<Command | undefined> {
  const folder = toolFolder();
  if (folder === undefined || !toolNames().includes(name)) return undefined;
  const { default: tool } = await import(new URL(`${name}.js`, folder).href);
  return tool;
}

function toolFolder(): URL | undefined {
  const home = findPackage();
  return home && new URL('dist/tools/', home);
}
