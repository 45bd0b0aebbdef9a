/** `struct bpf_object_open_opts` (libbpf.h) of an object, whether a module describes it or its own BTF. */

import { argumentError, requireOptions, shown } from '../errors/arguments.js';

/** How an object is opened. */
export interface OpeningOptions {
  /** A file of BTF, raw or ELF, to relocate against instead of the running kernel's own. */
  readonly btf?: string;
  /**
   * Options of the kernel for `extern … __kconfig` variables, as lines of `CONFIG_HZ=250`; what it does not say is
   * read from the kernel's own configuration (bpf_object__read_kconfig_file() in libbpf.c).
   */
  readonly kconfig?: string;
  /**
   * The BPF file system that delegates rights to this user namespace: maps, types and programs are made with a token
   * of it. `false` for none; by default what `LIBBPF_BPF_TOKEN_PATH` says, or `/sys/fs/bpf` where that delegates
   * (bpf_object_prepare_token() in libbpf.c).
   *
   * @since Linux 6.9 (bpf_token_create() in kernel/bpf/token.c)
   */
  readonly token?: string | false;
  /**
   * The folder of a BPF file system for maps that say `__uint(pinning, LIBBPF_PIN_BY_NAME)`: `load()` takes what is
   * pinned there under a map's name, or pins what it makes. `/sys/fs/bpf` by default.
   */
  readonly pinRootPath?: string;
}

const known = ['btf', 'kconfig', 'token', 'pinRootPath', 'alternatives'];

/**
 * Checks the shape of what `open()` and `load()` are given, of files and of modules: sections, then options.
 *
 * @param more - names of options besides those of every object
 * @throws BpfError `ERR_BPF_ARGUMENT` that names what is not known, and what may be meant
 */
export function requireArguments(
  operation: string,
  initial: unknown,
  options: unknown,
  more: readonly string[] = [],
): void {
  requireSections(operation, initial, [...known, ...more]);
  const asSection = (name: string) =>
    /^(rodata|data|bss)\b/.test(name) ? `sections are the argument before: { ${name}: { … } }` : undefined;
  requireOptions(operation, options, [...known, ...more], asSection);
}

/** Which sections there are the object alone knows. */
function requireSections(operation: string, initial: unknown, options: readonly string[]): void {
  if (initial === undefined) return;
  const what = 'global variables are given by section, as { rodata: { … } }';
  if (typeof initial !== 'object' || initial === null || Array.isArray(initial))
    throw argumentError(operation, `${what}, not ${shown(initial)}`);
  for (const [section, values] of Object.entries(initial)) {
    const isObject = typeof values === 'object' && values !== null && !Array.isArray(values);
    const isOption = options.includes(section) && !(section === 'kconfig' && isObject);
    if (isOption)
      throw argumentError(
        operation,
        `${section} is an option, not a section`,
        'options are the argument behind',
      );
    if (!isObject) throw argumentError(operation, `${what}, and ${section} is ${shown(values)}`);
  }
}
