/** The repository's address has one home, and whatever shows it takes it from there. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { billOfMaterials } from '../../.setup/cross/sbom.mjs';
import { manifestFields, siteLinks, withAddress } from '../../.setup/repository.mjs';
import typedoc from '../../typedoc.config.mjs';
import { sources } from '../support/imports.js';

const address = 'https://example.org/tracers/libbpf-ts';
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

it('is in the manifest, as npm reads it, and a release of it gets provenance', () => {
  expect(manifestFields(address)).toEqual({
    homepage: 'https://example.org/tracers/libbpf-ts#readme',
    repository: { type: 'git', url: 'git+https://example.org/tracers/libbpf-ts.git' },
    bugs: { url: 'https://example.org/tracers/libbpf-ts/issues' },
    publishConfig: { provenance: true },
  });
});

it('is in the bill of materials, the README and the site', () => {
  const { component } = billOfMaterials({ ...manifest, ...manifestFields(address) }).metadata;
  expect(component.externalReferences).toEqual([{ type: 'vcs', url: `git+${address}.git` }]);
  expect(withAddress(readFileSync('README.md', 'utf8'), address)).toContain(`git clone ${address} libbpf-ts`);
  expect(siteLinks(address)).toEqual({ Source: address });
});

it('is written nowhere else', () => {
  expect(manifest).not.toHaveProperty('repository');
  expect(typedoc.navigationLinks).toEqual(siteLinks());
  const roots = ['README.md', 'ARCHITECTURE.md', 'CHANGELOG.md', 'CONTRIBUTING.md', '.github/SECURITY.md'];
  const files = [
    ...roots,
    ...sources('docs', '.md'),
    ...sources('examples', '.md'),
    ...sources('lib', '.ts'),
  ];
  const written = files.filter(file => /https?:\/\/[^\s)]+\/libbpf-ts\b/.test(readFileSync(file, 'utf8')));
  expect(written).toEqual([]);
});
