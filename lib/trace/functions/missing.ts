/** Functions and builtins of bpftrace 0.27 that are not here. */
export const missingFunctions: readonly string[] = [
  ...['comm(pid)', 'dw_ustack', 'fail', 'kfunc_allowed', 'kfunc_exist', 'override', 'path'],
  ...['skboutput', 'socket_cookie', 'tseries', 'typeinfo', 'uaddr', 'unwatch'],
];
