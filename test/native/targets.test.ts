/** One source built for several processors: an object for each, one module that chooses. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { build } from '../../lib/compile/build.js';
import { embedded, emit, perArchitecture } from '../../lib/gen/index.js';
import { seconds } from '../support/time.js';

const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-targets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const source = join(folder, 'choose.bpf.c');

/** Where the registers lie is what programs of several processors differ in. */
writeFileSync(
  source,
  `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#if defined(__TARGET_ARCH_x86)
#define NUMBER 64
#elif defined(__TARGET_ARCH_arm64)
#define NUMBER 640
#endif
volatile int seen;
SEC("xdp") int choose(void *ctx) { seen = NUMBER; return 2; }
#ifdef DIFFERENT
#if defined(__TARGET_ARCH_arm64)
int more;
#endif
#endif
char LICENSE[] SEC("license") = "GPL";
`,
);

describe('one source for several processors', () => {
  it('makes an object for each, and one module', { timeout: seconds(60) }, async () => {
    const { objects, module } = await build(source, { targets: ['x64', 'arm64'] });
    expect(objects.map(({ path }) => path.slice(folder.length))).toEqual([
      '/choose.bpf.x64.o',
      '/choose.bpf.arm64.o',
    ]);
    const [x64, arm64] = objects.map(({ object }) => Buffer.from(object).toString('base64'));
    expect(x64).not.toBe(arm64);
    expect(module).toContain(`x64: embedded('`);
    expect(module).toContain(`'${x64}'`);
    expect(module).toContain(`'${arm64}'`);
    expect(module).toMatch(/object: perArchitecture\(\{/);
    const external = emit(
      { x64: objects[0]?.object ?? expect.fail(), arm64: objects[1]?.object ?? expect.fail() },
      'choose.bpf.o',
      { external: true },
    );
    expect(external.replaceAll(/\s+/g, '')).toMatch(
      /arm64:external\('[0-9a-f]{64}',newURL\('\.\/choose\.bpf\.arm64\.o',import\.meta\.url\),?\)/,
    );
  });

  it('is refused where the types differ, and for a processor that is unknown', {
    timeout: seconds(60),
  }, async () => {
    const targets = ['x64', 'arm64'];
    await expect(build(source, { targets, flags: ['-DDIFFERENT'] })).rejects.toThrow(
      /programs or types of x64 and arm64 differ/,
    );
    await expect(build(source, { targets: ['x64', 'z80'] })).rejects.toThrow(
      /compile for z80: ERR_BPF_UNSUPPORTED_PLATFORM/,
    );
  });

  it('chooses the object of this processor, or says which there are', () => {
    const own = embedded('ab', 'AQI=');
    const other = embedded('cd', 'AwQ=');
    const chosen = perArchitecture({ other, [process.arch]: own });
    expect(chosen.sha256).toBe('ab');
    expect(Array.from(chosen.bytes())).toEqual([1, 2]);
    expect(() => perArchitecture({ other }).bytes()).toThrow(
      new RegExp(
        `choose an object for ${process.arch}: ERR_BPF_OBJECT, the module has objects for other \\(build it again with --target other,`,
      ),
    );
  });
});
