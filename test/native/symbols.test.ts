/** What the addon shows to and asks of the process that loads it, as binutils see it. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const addon = 'build/Release/bpf.node';

describe('the addon', () => {
  it('exports its entry points and nothing of libbpf, libelf or zlib', () => {
    const exported = output('nm', '-D', '--defined-only', addon).trim().split('\n');
    const names = exported.map(line => line.split(' ').at(-1));
    expect(names.sort()).toEqual(['napi_register_module_v1', 'node_api_module_get_api_version_v1']);
  });

  it('links to the C and C++ runtimes alone', () => {
    const needed = output('readelf', '--wide', '--dynamic', addon).matchAll(/\(NEEDED\).*\[(.*?)\]/g);
    const foreign = [...needed].filter(
      ([, name = '']) => !/^(lib(c|m|stdc\+\+|gcc_s)|ld-linux.*)\.so\.\d+$/.test(name),
    );
    expect(foreign).toEqual([]);
  });

  it('loads where Node loads: glibc 2.28, libstdc++ of GCC 5', () => {
    expect(newest('GLIBC')).toBeLessThanOrEqual(versionNumber('2.28'));
    expect(newest('GLIBCXX')).toBeLessThanOrEqual(versionNumber('3.4.21'));
  });

  it('has no text relocations and no executable stack', () => {
    expect(output('readelf', '--wide', '--dynamic', addon)).not.toContain('TEXTREL');
    expect(output('readelf', '--wide', '--program-headers', addon)).toMatch(/GNU_STACK .* RW /);
  });
});

/** The newest version of a library's symbols that the addon asks for. */
function newest(library: string): number {
  const asked = output('readelf', '--wide', '--version-info', addon).matchAll(
    new RegExp(`\\b${library}_([\\d.]+)`, 'g'),
  );
  const versions = [...asked].map(([, version = '']) => versionNumber(version));
  expect(versions.length).toBeGreaterThan(0);
  return Math.max(...versions);
}

/** `2.28` as 2_028_000, so that versions compare as numbers. */
function versionNumber(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return (major * 1000 + minor) * 1000 + patch;
}

function output(command: string, ...args: string[]): string {
  return execFileSync(command, args, { encoding: 'utf8' });
}
