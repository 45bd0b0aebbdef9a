/** What libbpf is told when it opens an object, whether a module describes it or its own BTF. */

/** How an object is opened. */
export interface OpeningOptions {
  /** A file of BTF, raw or ELF, to relocate against instead of the running kernel's own. */
  readonly btf?: string;
  /**
   * Options of the kernel for `extern … __kconfig` variables, as lines of `CONFIG_HZ=250`; what it does not say is read
   * from the kernel's own configuration.
   */
  readonly kconfig?: string;
  /**
   * The BPF file system that delegates rights to this user namespace: maps, types and programs are made with a token of
   * it. `false` for none; by default what `LIBBPF_BPF_TOKEN_PATH` says, or `/sys/fs/bpf` where that delegates.
   *
   * @since Linux 6.9
   */
  readonly token?: string | false;
}
