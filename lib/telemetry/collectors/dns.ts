/** The collector `dns`. */
import { type CollectorRow, durationsOf, everywhere, sumsOf } from '../metric.js';

/** Numbers of the metrics in dns.bpf.c. */
const metric = { questions: 1, answers: 2 } as const;

/** RCODE of RFC 1035, section 4.1.1, and of RFC 2136, section 2.2. */
const codes = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED', 'YXDOMAIN', 'YXRRSET'];

export const dns: CollectorRow = {
  name: 'dns',
  about: 'questions to servers of names, how long they took, and what was answered',
  metrics: [
    {
      name: 'kernel.dns.questions',
      kind: 'counter',
      unit: '{question}',
      help: 'Questions that were sent to servers of names, by UDP to port 53; each time that one is sent again counts.',
      labels: [],
      coverage: everywhere,
      always: [[]],
      ...sumsOf('dns', metric.questions),
    },
    {
      name: 'kernel.dns.duration',
      kind: 'histogram',
      ...{ unit: 's', perUnit: 1e9 },
      help: 'How long it took until such a question was answered; those that never are have none.',
      labels: ['dns.response_code'],
      coverage: everywhere,
      always: [['NOERROR'], ['NXDOMAIN'], ['SERVFAIL']],
      ...durationsOf('dns', metric.answers, label => [codes[label] ?? `${label}`]),
    },
  ],
};
