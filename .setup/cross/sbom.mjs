// What the package is made of, as a CycloneDX bill of materials: https://cyclonedx.org/docs/1.6/json/
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../paths.mjs';

/** @param {string} file in native/deps */
const pins = file => JSON.parse(readFileSync(join(root, 'native/deps', file), 'utf8'));

/** @param {{ name: string, version: string, license: string, dependencies: Record<string, string>, devDependencies?: Record<string, string>, repository?: { url: string } }} manifest */
export function billOfMaterials({ name, version, license, dependencies, devDependencies = {}, repository }) {
  const libbpf = pins('libbpf.json');
  const { debian, npm } = pins('cross.json');
  const linked = [
    library('libbpf', libbpf.version, 'BSD-2-Clause', libbpf.sha256),
    library('elfutils', debian.elfutils.version, 'LGPL-3.0-or-later', debian.elfutils.sha256),
    library('zlib', upstreamVersion(debian.zlib.version), 'Zlib', debian.zlib.sha256),
    // libc++, libc++abi, libunwind and compiler-rt, as the compiler brings them.
    library('llvm-runtimes', `of zig ${npm.zig.version}`, 'Apache-2.0 WITH LLVM-exception'),
  ];
  const bundled = library('gecko-profiler-demangle', devDependencies['gecko-profiler-demangle'] ?? '', 'MIT');
  const installed = Object.entries(dependencies).map(([each, range]) => ({
    type: 'library',
    name: each,
    version: range,
    purl: `pkg:npm/${each}`,
  }));
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'library',
        name,
        version,
        licenses: [{ license: { id: license } }],
        purl: `pkg:npm/${name}@${version}`,
        ...(repository && { externalReferences: [{ type: 'vcs', url: repository.url }] }),
      },
    },
    components: [...linked, bundled, ...installed],
  };
}

/**
 * @param {string} name
 * @param {string} version
 * @param {string} license
 * @param {string} [sha256] of its source archive
 */
function library(name, version, license, sha256) {
  const hashes = sha256 === undefined ? undefined : [{ alg: 'SHA-256', content: sha256 }];
  return { type: 'library', name, version, licenses: [{ expression: license }], ...(hashes && { hashes }) };
}

/** `1:1.3.dfsg+really1.3.1` is 1.3.1. @param {string} version of a Debian source */
function upstreamVersion(version) {
  return version.replace(/^.*really/, '');
}
