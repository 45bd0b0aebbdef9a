/** Functions and builtins of bpftrace 0.27 that are not here. */
export const missingFunctions: readonly string[] = [
  ...['assert', 'comm(pid)', 'config', 'dw_ustack', 'fail', 'find', 'is_err', 'kfunc_allowed', 'kfunc_exist'],
  ...[
    'leader_comm',
    'leader_tid',
    'memcmp',
    'override',
    'path',
    'percpu_kaddr',
    'pton',
    'signal',
    'signal_name',
  ],
  ...['signal_thread', 'skboutput', 'socket_cookie', 'static_assert', 'str_concat', 'strcap', 'strcontains'],
  ...[
    'strerror',
    'strstr',
    'syscall_name',
    'tseries',
    'typeinfo',
    'uaddr',
    'unwatch',
    'write_user',
    'container_of',
  ],
];
