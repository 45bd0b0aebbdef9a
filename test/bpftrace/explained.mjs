// Cases of bpftrace's runtime tests that fail here for a reason. `npm run test:bpftrace` fails for a case that fails and is
// not here, and for a row of which a case passes.

/** @type {readonly (readonly [pattern: RegExp, reason: string])[]} */
const explanations = [
  [
    /^basic: (?:it shows version|it shows usage|info flag)/,
    "the command's help, version and list of features are its own",
  ],
  [/^basic: it lists probes in a given file$/, '-l takes patterns, and no scripts'],
  [
    /^(?:call: tseries|other: (?:positional )?tseries|json-output: (?:multiple )?time series)/,
    'tseries() is not there yet',
  ],
  [
    /^(?:array: cast int array to int proberead|call: strerror|probe: rawtracepoint_order)$/,
    'headers are not read, so that there is no --include',
  ],
  [/^array: cast string to int array$/, 'an array without a length is not measured by what is cast to it'],
  [/^call: (?:str_big_tuple|str_big_for)/, 'a value has to fit into 32 KiB of memory for each CPU'],
  [/^call: printf_gr/, 'flags of memory are printed as a number'],
  [/^call: uaddr/, 'uaddr() is not there yet'],
  [/^call: socket_cookie/, 'socket_cookie() is not there yet'],
  [
    /^(?:call: ustack_stack_mode_build_id|regression: stack modes and size)$/,
    'stacks have no mode build_id yet',
  ],
  [
    /^call: ustack_elf_symtable$/,
    'names of stacks are looked up when they are printed, and this process has ended by then',
  ],
  [
    /^json-output: (?:cgroup_path|strftime)$/,
    'the case takes off a line that bpftrace writes for its own runner alone',
  ],
  [/^interop: interop return types$/, 'imports are not there yet'],
  [/^json-output: join_delim$/, '-c is a line of the shell, in which quotes quote'],
  [/^json-output: helper_error$/, 'there is no -k yet'],
  [/^json-output: none type$/, 'floating-point members are printed as the bytes that they are'],
  [/^(?:json-output|probe): bench/, 'bench probes are not there yet'],
  [
    /^macro: it accepts typeof expressions for nested casts$/,
    'the pointer (uint8 *)-1 has 64 bits here, and 8 in bpftrace',
  ],
  [/^other: sigint under heavy load$/, 'what was said before the signal is done with first'],
  [/^probe: probe_filter/, 'there is no --probe-filter'],
  [
    /^(?:uprobe|usdt): (?!.*list).*separate (?:mount namespace|mountns)$/,
    'files are those that this process sees',
  ],
  [/^uprobe: .*with only wildcard$/, "uprobes are of files, and not of a process's"],
  [/^watchpoint: watchpoint - (?:created|existing) thread$/, 'a watchpoint is of one thread'],
];

/** Why the case of that name fails; undefined where none is listed. @param {string} name */
export function explanationOf(name) {
  return explanations.find(([pattern]) => pattern.test(name))?.[1];
}
