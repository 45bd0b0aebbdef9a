/** What we say about libbpf, against the source that was fetched. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';

const pin = JSON.parse(readFileSync('native/deps/libbpf.json', 'utf8'));
const source = `build/deps/libbpf-${pin.version}/src`;

describe('native/deps/libbpf.gypi', () => {
  it("lists the files of upstream's Makefile", () => {
    const { libbpf_sources: listed } = JSON.parse(readFileSync('native/deps/libbpf.gypi', 'utf8')).variables;
    const upstream = listed.filter((path: string) => path.startsWith('<(libbpf_dir)'));
    const names = upstream.map((path: string) => basename(path, '.c'));
    expect([...names, ...includedIn(listed)].sort()).toEqual(objectsInMakefile().sort());
  });
});

describe('native/deps/libbpf.json', () => {
  it('names the version that the source has', () => {
    const header = readFileSync(`${source}/libbpf_version.h`, 'utf8');
    const [major, minor] = ['MAJOR', 'MINOR'].map(part => header.match(`LIBBPF_${part}_VERSION (\\d+)`)?.[1]);
    expect(pin.version).toMatch(new RegExp(`^${major}\\.${minor}\\.`));
  });
});

/** Upstream's files that one of ours includes: `native/deps/libbpf_features.c` has `#include <features.c>`. */
function includedIn(listed: readonly string[]): string[] {
  return listed
    .filter(path => !path.startsWith('<(libbpf_dir)'))
    .flatMap(path => [...readFileSync(path, 'utf8').matchAll(/^#include <(\w+)\.c>$/gm)])
    .map(([, name = '']) => name);
}

/** `OBJS := bpf.o btf.o ... \` over several lines. */
function objectsInMakefile(): string[] {
  const list = readFileSync(`${source}/Makefile`, 'utf8').match(/^OBJS := ((?:.*\\\n)*.*)$/m)?.[1] ?? '';
  return [...list.matchAll(/(\w+)\.o/g)].map(([, name]) => name ?? '');
}
