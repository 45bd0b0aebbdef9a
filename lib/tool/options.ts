/** The options that all tools have: whose doings, how long, in which form. */
import type { Options } from '../command/command.js';

/** Filters, by their options. */
export const filterOptions = {
  pid: { type: 'string', short: 'p', value: 'PID', help: 'only this process, all its threads' },
  tid: { type: 'string', short: 't', value: 'TID', help: 'only this thread' },
  uid: { type: 'string', short: 'u', value: 'UID', help: 'only this user, by number' },
  comm: {
    type: 'string',
    short: 'n',
    value: 'COMM',
    help: "only threads of this name; 'web*', those whose name begins so",
  },
  cgroup: { type: 'string', value: 'PATH', help: 'only this cgroup (version 2) and those below it' },
  container: { type: 'string', value: 'ID', help: 'only this container, by its id or how that begins' },
  pod: { type: 'string', value: 'UID', help: 'only this pod of Kubernetes, by its metadata.uid' },
} as const satisfies Options;

/** One of the filters. */
export type FilterName = keyof typeof filterOptions;

/** When a tool ends, and in which form it prints. */
export const commonOptions = {
  duration: { type: 'string', short: 'd', value: 'SECONDS', help: 'end after this time' },
  json: { type: 'boolean', help: 'one JSON object a line; times of day, and durations in nanoseconds' },
} as const satisfies Options;

/** Of tools whose rows are of processes. */
export const identityOptions = {
  containers: { type: 'boolean', help: 'with the container of each process, and its id in there' },
} as const satisfies Options;

/** Of tools that print each event. */
export const eventOptions = {
  ...identityOptions,
  count: { type: 'string', short: 'c', value: 'COUNT', help: 'end after so many rows' },
} as const satisfies Options;

/** Of what grows, and is shown now and then. */
export const growingOptions = {
  interval: { type: 'string', short: 'i', value: 'SECONDS', help: 'print so often; else once, at the end' },
  count: {
    type: 'string',
    short: 'c',
    value: 'COUNT',
    help: 'end after so many times; with -i, or each second',
  },
} as const satisfies Options;

/** Of tools that count, and print what they counted. */
export const intervalOptions = { ...identityOptions, ...growingOptions } as const satisfies Options;

/** Of tools that show stacks: where nothing is named, the heaviest stacks are printed for people. */
export const stackOptions = {
  folded: { type: 'boolean', help: 'a line for each stack, as flamegraph.pl reads them' },
  svg: { type: 'boolean', help: 'a flame graph for browsers: > profile.svg' },
  pprof: { type: 'boolean', help: 'what pprof and its like read: > profile.pb.gz' },
  speedscope: { type: 'boolean', help: 'what https://speedscope.app reads: > profile.json' },
  top: { type: 'string', value: 'COUNT', help: 'print so many of the heaviest stacks; 20 by default' },
} as const satisfies Options;
