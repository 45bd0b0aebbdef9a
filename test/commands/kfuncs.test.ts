/** `vmlinux.h` declares the kernel functions that BPF programs may call: as the kernel's BTF has them, by clang and bpftool. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'libbpf-ts';
import { vmlinuxHeader } from 'libbpf-ts/build';
import { beforeAll, describe, expect, it } from 'vitest';
import { bpftool, checkout, ended } from '../support/child.js';
import { temporary } from '../support/temporary.js';

const main = join(checkout, 'dist/cli/main.js');
const kernel = '/sys/kernel/btf/vmlinux';

interface Raw {
  readonly id: number;
  readonly kind: string;
  readonly name: string;
  readonly size?: number;
  readonly encoding?: string;
  readonly type_id?: number;
  readonly ret_type_id?: number;
  readonly params?: readonly { readonly name: string; readonly type_id: number }[];
}

/** Types by id, as bpftool lists them. */
function rawTypes(file: string): ReadonlyMap<number, Raw> {
  const { types } = bpftool('btf', 'dump', 'file', file) as { types: Raw[] };
  return new Map(types.map(type => [type.id, type]));
}

/** A type as text, so that those of two files compare: names, stars, qualifiers. */
function text(types: ReadonlyMap<number, Raw>, id: number): string {
  const type = types.get(id);
  if (type === undefined) return 'void';
  const { kind, name, type_id: target = 0, params = [], ret_type_id: result = 0 } = type;
  if (kind === 'PTR') return `${text(types, target)}*`;
  if (kind === 'CONST' || kind === 'VOLATILE' || kind === 'RESTRICT') return `${kind} ${text(types, target)}`;
  // gcc writes `long unsigned int`, clang `unsigned long`.
  if (kind === 'INT' && name !== 'char') return `${type.encoding} ${type.size}`;
  if (kind === 'TYPE_TAG') return text(types, target);
  if (kind === 'FUNC_PROTO') {
    return `${text(types, result)}(${params.map(each => text(types, each.type_id)).join(', ')})`;
  }
  return `${kind === 'FWD' ? 'STRUCT' : kind} ${name}`;
}

/** By name, what the functions of those ids are. */
function prototypes(
  types: ReadonlyMap<number, Raw>,
  ids: Iterable<number | undefined>,
): Record<string, string> {
  const functions = [...ids].flatMap(id => types.get(id ?? 0) ?? []);
  return Object.fromEntries(functions.map(({ name, type_id }) => [name, text(types, type_id ?? 0)]));
}

let kfuncs: Record<string, string>;
/** Names of parameters, which clang keeps of functions with a body only. */
let parameters: ReadonlyMap<string, readonly string[]>;
beforeAll(() => {
  const types = rawTypes(kernel);
  const tags = [...types.values()].filter(({ kind, name }) => kind === 'DECL_TAG' && name === 'bpf_kfunc');
  const functions = tags.flatMap(({ type_id = 0 }) => types.get(type_id) ?? []);
  kfuncs = prototypes(
    types,
    functions.map(({ id }) => id),
  );
  parameters = new Map(
    functions.map(({ name, type_id = 0 }) => [
      name,
      types.get(type_id)?.params?.map(each => each.name) ?? [],
    ]),
  );
});

function build(name: string, source: string, ...flags: string[]) {
  const path = temporary(`${name}.bpf.c`);
  writeFileSync(path, source);
  return ended(process.execPath, [main, 'build', path, ...(flags.length > 0 ? ['--', ...flags] : [])]);
}

describe('vmlinux.h', () => {
  it('declares every kernel function with the types that the kernel has', async () => {
    expect(Object.keys(kfuncs).length).toBeGreaterThan(100);
    const header = await vmlinuxHeader();
    const lines = header
      .split('\n')
      .filter(line => line.endsWith(' __attribute__((weak, section(".ksyms")));'));
    const declared = lines.map(
      line => /(\w+)\(/.exec(line.replaceAll('__attribute__((address_space(1)))', ''))?.[1],
    );
    expect(declared).toEqual(Object.keys(kfuncs).sort());
    const unnamed = declared.filter((name = '', index) => {
      return !parameters
        .get(name)
        ?.every(parameter => new RegExp(`\\b${parameter}[,)\\[]`).test(lines[index] ?? ''));
    });
    expect(unnamed).toEqual([]);
    // clang writes down the prototype of each function whose address is taken.
    const uses = Object.keys(kfuncs).map(name => `void *use_${name}(void) { return ${name}; }`);
    const source = `#include "vmlinux.h"\n${uses.join('\n')}\n`;
    const { stderr, code } = await build('uses', source);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    const types = rawTypes(temporary('uses.bpf.o'));
    const functions = [...types.values()].filter(({ kind, name }) => kind === 'FUNC' && name in kfuncs);
    expect(
      prototypes(
        types,
        functions.map(({ id }) => id),
      ),
    ).toEqual(kfuncs);
  });

  it('lets a program call one, and declare them itself', async () => {
    const source = `#include "vmlinux.h"
      #include <bpf/bpf_helpers.h>
      SEC("syscall") int look(void *ctx)
      {
        struct task_struct *task = bpf_task_acquire(bpf_get_current_task_btf());
        if (!task) return 2;
        bpf_task_release(task);
        return 1;
      }
      char LICENSE[] SEC("license") = "GPL";`;
    expect(await build('calls', source)).toMatchObject({ code: 0, stderr: '' });
    await using bpf = await load(temporary('calls.bpf.o'));
    expect(bpf.programs.look?.testRunSync()).toMatchObject({ retval: 1 });
    const own = `#define BPF_NO_KFUNC_PROTOTYPES\n#include "vmlinux.h"\nextern int bpf_task_from_pid(void *mine) __attribute__((section(".ksyms")));\n`;
    expect(await build('own', `${own}int use(void) { return bpf_task_from_pid(0); }`)).toMatchObject({
      code: 0,
    });
  });
});
