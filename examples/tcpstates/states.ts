/** States of TCP sockets. */

/** By their numbers: include/net/tcp_states.h. */
const states = [
  ...[
    '',
    'ESTABLISHED',
    'SYN_SENT',
    'SYN_RECV',
    'FIN_WAIT1',
    'FIN_WAIT2',
    'TIME_WAIT',
    'CLOSE',
    'CLOSE_WAIT',
  ],
  ...['LAST_ACK', 'LISTEN', 'CLOSING', 'NEW_SYN_RECV', 'BOUND_INACTIVE'],
];

/** The name of a state, as `ESTABLISHED`. */
export function stateName(state: number): string {
  return states[state] ?? `state ${state}`;
}
