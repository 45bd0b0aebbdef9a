// Other people's BPF programs: where Debian has their sources, which files are programs, and how many of them are to build.

/**
 * @typedef {object} ForeignSource
 * @property {string} name
 * @property {readonly string[]} suites Debian's releases that may have it, the first that does counts
 * @property {string} [source] a source package
 * @property {string} [copy] another source package that has a copy of it, for mirrors that left out the first
 * @property {string} [copyFolder] the folder of that copy
 * @property {string} [binary] a package that has an archive of sources in /usr/src instead
 * @property {string[]} [only] of the archive, where the rest is large
 * @property {RegExp} programs paths of what is compiled
 * @property {string[]} includes folders of headers
 * @property {string[]} [flags] for clang
 * @property {number} least objects that are built, or something is wrong with the build
 */

/** What headers of the C library ask for, which clang says of its own processor and not of BPF. */
const processor = process.arch === 'arm64' ? '-D__aarch64__' : '-D__x86_64__';

/** @type {readonly ForeignSource[]} */
export const sources = [
  {
    name: 'libbpf-tools',
    suites: ['bookworm', 'trixie', 'sid'],
    source: 'bpfcc',
    copy: 'pcp',
    copyFolder: 'vendor/github.com/iovisor/bcc',
    programs: /^libbpf-tools\/[^/]+\.bpf\.c$/,
    includes: ['libbpf-tools'],
    least: 50,
  },
  {
    name: 'xdp-tools',
    suites: ['trixie', 'bookworm', 'sid'],
    source: 'xdp-tools',
    programs:
      /^(lib\/(libxdp|util)|xdp-[a-z]+|lib\/libxdp\/tests)\/[^/]+\.(bpf|kern)\.c$|^xdp-[a-z]+\/[^/]*_kern[^/]*\.c$/,
    includes: ['headers', 'lib/util', 'lib/libxdp'],
    least: 8,
  },
  {
    name: 'suricata',
    suites: ['trixie', 'bookworm', 'sid'],
    source: 'suricata',
    programs: /^ebpf\/[^/]+\.c$/,
    includes: ['ebpf', 'ebpf/include'],
    least: 5,
  },
  {
    name: 'systemd',
    suites: ['trixie', 'bookworm', 'sid'],
    source: 'systemd',
    programs: /^src\/.*\.bpf\.c$/,
    includes: ['src/basic', 'src/fundamental', 'src/shared'],
    flags: [processor],
    least: 4,
  },
  {
    name: 'bpftune',
    suites: ['trixie', 'bookworm', 'sid'],
    source: 'bpftune',
    programs: /^src\/[^/]+\.bpf\.c$/,
    includes: ['include'],
    least: 7,
  },
  {
    name: 'bpf selftests',
    suites: ['bookworm', 'trixie', 'sid'],
    binary: 'linux-source-6.1',
    only: ['tools/testing/selftests/bpf', 'tools/include', 'tools/lib/bpf', 'include/uapi'],
    programs: /^tools\/testing\/selftests\/bpf\/progs\/[^/]+\.c$/,
    includes: ['tools/testing/selftests/bpf', 'tools/include', 'tools/include/uapi'],
    flags: ['-Wno-everything', processor],
    least: 400,
  },
  {
    name: 'bpf selftests 6.12',
    suites: ['trixie', 'sid'],
    binary: 'linux-source-6.12',
    only: ['tools/testing/selftests/bpf', 'tools/include', 'tools/lib/bpf', 'include/uapi'],
    programs: /^tools\/testing\/selftests\/bpf\/progs\/[^/]+\.c$/,
    includes: ['tools/testing/selftests/bpf', 'tools/include', 'tools/include/uapi'],
    flags: ['-Wno-everything', processor],
    least: 600,
  },
];
