// Cases of bpftrace's runtime tests that fail here for a reason: the rest of those that fail are faults.

/** @type {readonly (readonly [pattern: RegExp, reason: string])[]} */
const explanations = [
  [
    /^basic: (?:it shows version|it shows usage|info flag)/,
    "the command's help, version and list of features are its own",
  ],
  [/^(?:call|other): tseries/, 'tseries() is not there yet'],
  [/^array: cast int array to int proberead/, 'headers are not read, so that there is no --include'],
  [/^array: cast string to int array/, 'an array without a length is not measured by what is cast to it'],
  [/^call: str_big_tuple/, 'a value has to fit into 32 KiB of memory for each CPU'],
  [/^call: str_truncated/, 'a text that was cut has no mark behind it yet'],
  [/^call: printf_gr/, 'flags of memory are printed as a number'],
];

/** Why the case of that name fails; undefined where nobody knows. @param {string} name */
export function explanationOf(name) {
  return explanations.find(([pattern]) => pattern.test(name))?.[1];
}
