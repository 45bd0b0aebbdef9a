# The shipping build, for node-gyp and prebuildify. The lists it builds are in the two .gypi files.
# libbpf adds numbers that come from files: what overflows wraps (-fwrapv), and is not undefined.
{
  "includes": ["native/addon.gypi", "native/deps/libbpf.gypi"],
  "variables": {
    "libbpf_dir": "<!(node native/deps/fetch.mjs)"
  },
  "targets": [
    {
      "target_name": "libbpf",
      "type": "static_library",
      "sources": ["<@(libbpf_sources)"],
      "defines": ["<@(libbpf_defines)"],
      "include_dirs": ["<(libbpf_dir)/src", "<(libbpf_dir)/include", "<(libbpf_dir)/include/uapi"],
      "cflags": ["-fPIC", "-fvisibility=hidden", "-w", "-fwrapv"],
      "cflags_c": ["-std=gnu11"]
    },
    {
      "target_name": "bpf",
      "dependencies": ["libbpf"],
      "sources": ["<@(addon_sources)"],
      "defines": ["<@(addon_defines)"],
      "include_dirs": [
        "<!(node -p \"require('node-addon-api').include_dir\")",
        "<(libbpf_dir)/src",
        "<(libbpf_dir)/include/uapi"
      ],
      "cflags": ["-fvisibility=hidden", "-Wall", "-Wextra", "-Werror", "-Wno-missing-field-initializers"],
      "cflags_cc": ["-std=c++<(addon_standard)", "-fno-exceptions"],
      "cflags_cc!": ["-std=gnu++17", "-std=gnu++20", "-fno-rtti"],
      "libraries": ["<!@(node native/deps/libraries.mjs)"],
      "ldflags": [
        "-Wl,--version-script=<(module_root_dir)/native/exports.map",
        "-Wl,--exclude-libs,ALL",
        "-Wl,-Bsymbolic",
        "-Wl,--gc-sections",
        "-Wl,-z,relro,-z,now"
      ]
    }
  ]
}
