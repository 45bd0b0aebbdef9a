{
  "variables": {
    "libbpf_sources": [
      "native/deps/elf_error.c",
      "native/deps/glibc.c",
      "native/deps/libbpf_features.c",
      "<(libbpf_dir)/src/bpf.c",
      "<(libbpf_dir)/src/btf.c",
      "<(libbpf_dir)/src/libbpf.c",
      "<(libbpf_dir)/src/libbpf_utils.c",
      "<(libbpf_dir)/src/netlink.c",
      "<(libbpf_dir)/src/nlattr.c",
      "<(libbpf_dir)/src/libbpf_probes.c",
      "<(libbpf_dir)/src/bpf_prog_linfo.c",
      "<(libbpf_dir)/src/btf_dump.c",
      "<(libbpf_dir)/src/hashmap.c",
      "<(libbpf_dir)/src/ringbuf.c",
      "<(libbpf_dir)/src/strset.c",
      "<(libbpf_dir)/src/linker.c",
      "<(libbpf_dir)/src/gen_loader.c",
      "<(libbpf_dir)/src/relo_core.c",
      "<(libbpf_dir)/src/usdt.c",
      "<(libbpf_dir)/src/zip.c",
      "<(libbpf_dir)/src/elf.c",
      "<(libbpf_dir)/src/btf_iter.c",
      "<(libbpf_dir)/src/btf_relocate.c"
    ],
    "libbpf_defines": ["_LARGEFILE64_SOURCE", "_FILE_OFFSET_BITS=64"]
  }
}
