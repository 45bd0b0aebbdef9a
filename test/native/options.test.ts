/** libbpf's option structs as the addon makes them, judged by libbpf's own check of them (libbpf_internal.h). */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sources } from '../support/imports.js';
import { temporary } from '../support/temporary.js';

const { version } = JSON.parse(readFileSync('native/deps/libbpf.json', 'utf8'));
const libbpf = `build/deps/libbpf-${version}`;
const include = [`-I${libbpf}/src`, `-I${libbpf}/include`, `-I${libbpf}/include/uapi`, '-Inative/core'];
const listed = [
  ...readFileSync('native/core/options.h', 'utf8').matchAll(/^OPTIONS_OF_LIBBPF\((?:struct )?(\w+)\);/gm),
].map(([, name = '']) => name);

/** A struct of each type is valid or not: as `Options` makes it, and as `sizeof` would. Its padding is all ones. */
const checks = `#include <bpf.h>
#include <libbpf.h>
#include <libbpf_internal.h>
#define CHECK(type) int valid_##type(const struct type *options) { return OPTS_VALID(options, type); }
${listed.map(type => `CHECK(${type})`).join('\n')}
`;
const main = `#include <options.h>
#include <cstdio>
${listed.map(type => `extern "C" int valid_${type}(const struct ${type}*);`).join('\n')}
template <class T> void Try(const char* name, int (*valid)(const T*)) {
  T options = Options<T>();
  const size_t padding = sizeof(options) - options.sz;
  memset(reinterpret_cast<char*>(&options) + options.sz, 0xff, padding);
  const int ours = valid(&options);
  options.sz = sizeof(options);
  printf("%s %zu %d %d\\n", name, padding, ours, valid(&options));
}
int main() {
${listed.map(type => `  Try<struct ${type}>("${type}", valid_${type});`).join('\n')}
}
`;

describe('options of libbpf', () => {
  it('are valid whatever their padding holds', () => {
    const [c, cpp, binary] = [temporary('checks.c'), temporary('main.cc'), temporary('main')];
    writeFileSync(c, checks);
    writeFileSync(cpp, main);
    const libraries = execFileSync(process.execPath, ['native/deps/libraries.mjs'], { encoding: 'utf8' });
    execFileSync('gcc', ['-w', ...include, '-c', c, '-o', `${c}.o`]);
    execFileSync('g++', ['-std=c++17', ...include, cpp, `${c}.o`, 'build/Release/bpf.a', ...libraries.trim().split('\n'), '-o', binary]); // biome-ignore format: one command
    const rows = execFileSync(binary, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .trim()
      .split('\n')
      .map(row => row.split(' '));
    expect(rows.map(([name]) => name)).toEqual(listed);
    expect(rows.filter(([, , ours]) => ours !== '1')).toEqual([]);
    const padded = rows.filter(([, padding]) => padding !== '0');
    expect(padded.map(([name]) => name)).toContain('bpf_map_create_opts');
    expect(padded.filter(([, , , bySize]) => bySize !== '0')).toEqual([]);
  });

  it('are made in one place', () => {
    const sized = [...sources('native', '.cc'), ...sources('native', '.h')]
      .filter(file => file !== 'native/core/options.h')
      .flatMap(file => linesOf(file).map(line => `${file}: ${line.trim()}`))
      .filter(line => /\w+_opts \w+( = \{\})?;|LIBBPF_OPTS|options(->|\.)sz\b/.test(line));
    expect(sized).toEqual([]);
  });
});

function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n');
}
