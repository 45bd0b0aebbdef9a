/** Where this package lies: around this file, or, where an application's bundle has it, where Node finds the package. */
import { readFileSync } from 'node:fs';
import Module from 'node:module';
import { pathToFileURL } from 'node:url';

/** What the package is called. */
export const packageName = 'libbpf-ts';

let known: URL | undefined;

/** The package's folder; undefined where a bundle runs far from any `node_modules` that has it. */
export function findPackage(): URL | undefined {
  known ??= surroundingPackage() ?? installedFolder();
  return known;
}

/** The package's folder, where this code runs in it; undefined in an application's bundle. */
export function surroundingPackage(): URL | undefined {
  return folderAround(ownFile());
}

/**
 * `require` as seen from this file, for what no bundler is to follow. webpack puts nothing in the place of a
 * `createRequire` that it sees imported by its name.
 */
export function requireHere(): NodeJS.Require {
  return Module.createRequire(ownFile());
}

/** The file that this line ends up in. Bundlers that write CommonJS leave nothing of `import.meta`. */
export function ownFile(): string {
  const url: string | undefined = import.meta.url;
  return url ?? pathToFileURL(process.argv[1] ?? `${process.cwd()}/-`).href;
}

/** The build keeps the package's folder one step above the file, or two where doors share it; tests have it there too. */
function folderAround(file: string): URL | undefined {
  const above = ['..', '../..'].map(steps => new URL(`${steps}/`, file));
  return above.find(folder => isPackage(new URL('package.json', folder)));
}

function isPackage(manifest: URL): boolean {
  try {
    return JSON.parse(readFileSync(manifest, 'utf8')).name === packageName;
  } catch {
    return false;
  }
}

function installedFolder(): URL | undefined {
  try {
    return new URL('.', pathToFileURL(requireHere().resolve(`${packageName}/package.json`)));
  } catch {
    return undefined;
  }
}
