/**
 * Which programs `BPF_PROG_TEST_RUN` runs, since when, and what each takes (`test_run` of `struct bpf_prog_ops`, as
 * bpf_prog_test_run_skb() in net/bpf/test_run.c). Pure data.
 */
import { sectionMatches } from './section-pattern.js';

/** One row of the table. */
export interface TestRunKind {
  /** Section names as in section_defs[] of libbpf.c: a `+` at the end allows `/target` behind it. */
  readonly sections: readonly string[];
  /** The first version of Linux that runs them. */
  readonly since: string;
  /** What `testRun()` takes for them. */
  readonly takes: readonly string[];
  /** Of what they take, that which came later. */
  readonly later?: Readonly<Record<string, string>>;
}

/** Rows are disjoint. */
export const testRunKinds = {
  xdp: {
    sections: ['xdp', 'xdp.frags'],
    since: '4.12',
    takes: ['data', 'metadata', 'context', 'repeat', 'live', 'batchSize'],
    later: { metadata: '5.15', context: '5.15', live: '5.18', batchSize: '5.18' },
  },
  skb: {
    sections: [
      'socket',
      'tc',
      'classifier',
      'action',
      'tcx/ingress',
      'tcx/egress',
      'tc/ingress',
      'tc/egress',
      'netkit/primary',
      'netkit/peer',
      'cgroup/skb',
      'cgroup_skb/ingress',
      'cgroup_skb/egress',
      'lwt_in',
      'lwt_out',
      'lwt_xmit',
      'lwt_seg6local',
    ],
    since: '4.12',
    takes: ['data', 'context', 'repeat', 'checksumComplete'],
    later: { context: '5.2', checksumComplete: '6.11' },
  },
  flow_dissector: {
    sections: ['flow_dissector'],
    since: '5.1',
    takes: ['data', 'flags', 'repeat'],
    later: { flags: '5.4' },
  },
  tracing: {
    sections: ['fentry+', 'fentry.s+', 'fexit+', 'fexit.s+', 'fmod_ret+', 'fmod_ret.s+'],
    since: '5.7',
    takes: [],
  },
  raw_tracepoint: {
    sections: ['raw_tp+', 'raw_tracepoint+'],
    since: '5.10',
    takes: ['context', 'cpu'],
  },
  sk_lookup: { sections: ['sk_lookup'], since: '5.13', takes: ['context', 'repeat'] },
  syscall: { sections: ['syscall'], since: '5.14', takes: ['context'] },
  struct_ops: { sections: ['struct_ops+', 'struct_ops.s+'], since: '5.16', takes: ['context'] },
  netfilter: { sections: ['netfilter'], since: '6.4', takes: ['data', 'repeat'] },
} as const satisfies Record<string, TestRunKind>;

/** A kind of test run, as `xdp`. */
export type TestRunKindName = keyof typeof testRunKinds;

/** The sections of the programs of each kind of test run: a `+` at the end allows `/target` behind it. */
export type TestRunSections = {
  [Kind in TestRunKindName]: (typeof testRunKinds)[Kind]['sections'][number];
};

/** The row of a section's programs; undefined for those without test runs. */
export function testRunKindOf(section: string): TestRunKindName | undefined {
  const rows = Object.entries<TestRunKind>(testRunKinds);
  const found = rows.find(([, { sections }]) => sections.some(pattern => sectionMatches(pattern, section)));
  return found?.[0] as TestRunKindName | undefined;
}
