/** What clang misses in a program, and which of the headers that come along has it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where clang was told to look: the folder of `vmlinux.h`, and that of libbpf's headers. */
export interface IncludeFolders {
  readonly vmlinux: string | undefined;
  readonly libbpf: string | undefined;
}

interface Header {
  /** As a program includes it. */
  readonly include: string;
  readonly text: string;
}

/** How clang 14 to 22 name what they do not know. */
const unknown =
  /(?:use of undeclared identifier|implicit declaration of function|call to undeclared function|unknown type name|incomplete definition of type) '(?:(?:struct|union) )?(\w+)'/g;

/** Clang takes an undefined macro for a function without types, and reports bad syntax with the line. */
const syntax =
  /error: (?:expected|type specifier missing|a parameter list without types).*\n(?: *\d+ \| ?)?(.*)/g;

/**
 * The includes that a program lacks, as advice: `#include <bpf/bpf_endian.h> for bpf_htons`.
 *
 * @param messages - clang's
 * @param source - the program's text
 */
export function missingIncludes(
  messages: string,
  source: string,
  folders: IncludeFolders,
): string | undefined {
  if (isTooEarly(messages, source)) return 'include "vmlinux.h" before all others';
  const wanted = new Map<string, string[]>();
  const headers = [...headersIn(folders)].filter(({ include }) => !source.includes(`#include ${include}`));
  for (const name of unknownNames(messages)) {
    const header = headers.find(({ text }) => declares(text, name));
    if (header) wanted.set(header.include, [...(wanted.get(header.include) ?? []), name]);
  }
  const advice = Array.from(
    wanted,
    ([include, names]) => `#include ${include} for ${names.join(', ')}`,
  ).sort(); // "vmlinux.h" goes first
  return advice.length === 0 ? undefined : advice.join('; ');
}

/** libbpf's headers take the types of integers from one that comes before. */
function isTooEarly(messages: string, source: string): boolean {
  const others = source.search(/#include <(?:bpf\/|libbpf-ts)/);
  return /bpf_helper_defs\.h:.*unknown type name/.test(messages) && source.indexOf('"vmlinux.h"') > others;
}

function unknownNames(messages: string): ReadonlySet<string> {
  const named = Array.from(messages.matchAll(unknown), ([, name = '']) => name);
  const lines = Array.from(messages.matchAll(syntax), ([, line = '']) => line);
  return new Set([...named, ...lines.flatMap(line => line.match(/\b[A-Z][A-Z0-9_]+(?=\()/g) ?? [])]);
}

/** In the order in which they are advised: libbpf's, what this package adds, the kernel's types. */
function* headersIn({ vmlinux, libbpf }: IncludeFolders): Iterable<Header> {
  if (libbpf !== undefined) {
    for (const name of namesIn(join(libbpf, 'bpf'))) yield header(`<bpf/${name}>`, join(libbpf, 'bpf', name));
    for (const name of namesIn(join(libbpf, 'libbpf-ts')))
      yield header('<libbpf-ts.bpf.h>', join(libbpf, 'libbpf-ts', name));
  }
  if (vmlinux !== undefined) yield header('"vmlinux.h"', join(vmlinux, 'vmlinux.h'));
}

function namesIn(folder: string): string[] {
  // A clone that is not built has libbpf's headers alone.
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

/** Programs include bpf_helpers.h, which includes bpf_helper_defs.h itself. */
function header(include: string, path: string): Header {
  return { include: include.replace('bpf_helper_defs', 'bpf_helpers'), text: readFileSync(path, 'utf8') };
}

/** A macro, a function, a helper, a type, or a member of an enum. */
function declares(text: string, name: string): boolean {
  const forms = [
    `^#[ \\t]*define ${name}\\b`,
    `^(?:static|extern).*[ *]${name}\\(`,
    `\\(\\* ?(?:const )?${name}\\)\\(`,
    `^(?:struct|union|enum) ${name} \\{`,
    `^typedef .*[ *]${name}(?:\\[.*\\])?;`,
    `^\\t${name}(?: = .*)?,$`,
  ];
  return new RegExp(forms.join('|'), 'm').test(text);
}
