/**
 * Classes of mistakes that the verifier finds: the messages of kernels from 5.10 on for each (kernel/bpf/verifier.c),
 * why it is one, what to do. The first row that knows a text has it, so the particular stand before the general. Pure
 * data.
 */

/** One class of mistakes. */
export interface Mistake {
  /** Messages of the verifier, or of libbpf where it fills in the log (fixup_verifier_log() in libbpf.c). */
  readonly says: readonly RegExp[];
  /** Why it is one, as a clause. */
  readonly why: string;
  /** What to do, as a clause. */
  readonly remedy: string;
}

const table = {
  'core-relocation': {
    says: [/failed to resolve CO-RE relocation/, /invalid func unknown#195896080/],
    why: 'this kernel has no such type, field or enumerator',
    remedy:
      'ask before with bpf_core_field_exists() or bpf_core_type_exists(), or give the other name as ___flavor',
  },
  'missing-map': {
    says: [/BPF map '.*' is referenced but wasn't created/, /invalid func unknown#2001000\d{3}/],
    why: 'the map was not created, for its autocreate is off or the kernel does not know its type',
    remedy: 'guard the code that uses it by a const volatile variable, or create the map',
  },
  'missing-ksym': {
    says: [/failed to find the address for kernel symbol/],
    why: 'this kernel has no variable of that name that programs may know the address of',
    remedy: 'declare it __ksym __weak, and use it only where its address is not NULL',
  },
  'missing-kfunc': {
    says: [/kfunc '.*' is referenced but wasn't resolved/, /invalid func unknown#2002000\d{3}/],
    why: 'this kernel has no such function for programs to call',
    remedy: 'declare it __ksym __weak and call it only if bpf_ksym_exists() says so',
  },
  'device-bound': {
    says: [/require device-bound program/],
    why: "what drivers know of a packet is told only to programs that are loaded for one driver's interface",
    remedy: 'bind the program to its interface before load, with the flag BPF_F_XDP_DEV_BOUND_ONLY',
  },
  'kfunc-not-allowed': {
    says: [/calling kernel function .* is not allowed/, /calling invalid kernel function/],
    why: 'this type of program may not call that kernel function',
    remedy: 'call it from a type of program that may, or use a helper',
  },
  sleepable: {
    says: [
      /might[ _]sleep/,
      /non-sleepable/,
      /must be sleepable/,
      /sleepable (helper|kfunc|kernel func)/,
      /kernel func .* is sleepable within/,
      /(unknown func|cannot use helper) bpf_(copy_from_user|ima_|find_vma_sleep)/,
    ],
    why: 'what is called may sleep, and the program, or this part of it, may not',
    remedy:
      'make it sleepable where its kind can be, as fentry.s or lsm.s, or leave RCU and lock sections before',
  },
  'insn-array': {
    says: [/initialize insn array/],
    why: 'a map of places to jump to is not frozen, is in use by a program, or has places outside this one',
    remedy: 'give each of its entries an instruction of the program, freeze it, and load one program with it',
  },
  'gpl-only': {
    says: [/must have a GPL compatible license/, /GPL[- ](restricted|only)/i, /from (proprietary|non-GPL)/],
    why: 'the helper or kernel function is for programs under the GPL',
    remedy: 'declare char LICENSE[] SEC("license") = "GPL", or "Dual MIT/GPL", if that is its license',
  },
  'helper-not-allowed': {
    says: [/tracing progs cannot use/, /unknown func bpf_\w+#\d+/, /program of this type cannot use helper/],
    why: 'this type of program may not call that helper, here or in this version',
    remedy: 'call it from a type of program that may; features() tells which have it',
  },
  'packet-argument': {
    says: [/helper access to the packet is not allowed/],
    why: 'the helper may move the packet, so it takes no pointer into it',
    remedy: 'copy the bytes to the stack or into a map, and pass that',
  },
  'missing-helper': {
    says: [/invalid func (unknown|\w+)#-?\d+/, /kernel subsystem misconfigured func/],
    why: 'this kernel does not know the helper',
    remedy: 'guard the call by bpf_core_enum_value_exists(enum bpf_func_id, …), or do without it',
  },
  'tail-call': {
    says: [
      /tail_call abusing map/,
      /expected prog array map/,
      /tail_calls? (are|is) (not|only) allowed/,
      /mixing of tail_calls/,
      /cannot pass map_type \d+ into func bpf_tail_call/,
      /tail_call would lead to/,
      /tail_call_reachable/,
      /call bpf_tail_call#12/,
    ],
    why: 'a tail call stands where none may, or goes by something that is not a prog array',
    remedy: 'give it a map of type prog_array, in a function that returns int and holds no lock or reference',
  },
  'map-type': {
    says: [/cannot pass map_type \d+ into func/, /helper .* does not support map type/],
    why: 'the helper does not take maps of this type',
    remedy: "use the helper of the map's own type",
  },
  'unreleased-reference': {
    says: [/Unreleased reference id/, /would lead to reference leak/, /reference leak/],
    why: 'what a helper or kernel function gave to keep is not given back on every path',
    remedy: 'release it on each path to the end: submit or discard, bpf_sk_release(), bpf_task_release()',
  },
  'unowned-release': {
    says: [
      /cannot release unowned/,
      /reference has not been acquired before/,
      /type=(inv|scalar) expected=((alloc|ringbuf)_)?mem$/m,
      /arg \d+ is an unacquired reference/,
      /release (helper|kfunc|kernel function) .* expects (referenced|refcounted)/i,
      /R\d+ must be referenced when passed to release/,
      /expected .* to be referenced/,
    ],
    why: 'what is released was never acquired, or was released before',
    remedy: 'release only what was acquired on this path, once, and do not use it afterwards',
  },
  'spin-lock': {
    says: [
      /while holding a lock/,
      /bpf_(res_)?spin_(un)?lock/,
      /[Ll]ock(-ed region| is already held)/,
      /missing unlock/,
    ],
    why: 'a lock is not released on every path, is taken twice, or something is called that must not be under it',
    remedy:
      'keep between bpf_spin_lock() and bpf_spin_unlock() loads and stores alone, and unlock on each path',
  },
  'rcu-section': {
    says: [/rcu_read_(un)?lock/, /preempt_(dis|en)abled?/, /IRQ (flag|disabled)|irq_(save|restore)/i],
    why: 'a section without sleep, preemption or interrupts is not left on every path, or left twice',
    remedy: 'pair the two calls on each path',
  },
  'uninitialized-object': {
    says: [
      /[Ee]xpected (an? )?(un)?initialized (dynptr|iter|irq|const)/,
      /Dynptr has to be/i,
      /must be (initialized|destroyed).*(dynptr|iter)/,
      /potential write to dynptr/,
      /cannot overwrite referenced dynptr/,
    ],
    why: 'a dynptr or iterator is used before it is made, after it is gone, or made twice',
    remedy: 'make it once, use it, destroy it: bpf_iter_*_new(), next, destroy, on every path',
  },
  kptr: {
    says: [/has no valid kptr/, /kptr (access|in map|.*isn't referenced kptr)/, /kptr must be/i],
    why: "the pointer does not lead to a member of a map's value that is marked to keep a pointer of the kernel's",
    remedy: 'mark the member __kptr; clang 14 drops the mark, newer ones write it into BTF',
  },
  'null-check': {
    says: [
      /invalid mem access '\w*_or_null/,
      /pointer arithmetic on \w+_or_null/,
      /null-check it first/,
      /Possibly NULL pointer/,
      /type=\w*_or_null expected/,
    ],
    why: 'the pointer may be NULL: a lookup that finds nothing gives NULL',
    remedy: 'compare it with NULL on every path before its first use: if (!value) return 0;',
  },
  'untrusted-pointer': {
    says: [
      /must be (a )?(rcu|referenced|trusted)/,
      /(must be|has to be) (referenced|trusted)/,
      /type=\w*(untrusted|rcu)_?\w* expected/,
      /invalid mem access '\w*untrusted/,
    ],
    why: 'the pointer may point to something that is gone',
    remedy:
      'acquire it first, as by bpf_task_acquire() or in an RCU section, or read through BPF_CORE_READ()',
  },
  'modified-pointer': {
    says: [
      /negative offset (?!ctx)\w+ ptr R\d+ off=-?\d+ disallowed/,
      /dereference of modified (?!ctx)\w+ ptr/,
      /variable (?!ctx|stack|offset)\w+ access var_off=.* disallowed/,
      /must have zero offset when passed/,
    ],
    why: 'this pointer is taken only as it was given, and something was added to it',
    remedy: 'keep the pointer as it is for that call, and move a copy',
  },
  'packet-bounds': {
    says: [/invalid access to packet/, /offset is outside of the packet/, /out of range.* packet/],
    why: 'the bytes may lie behind the end of the packet',
    remedy:
      'before the access: if ((void *)(header + 1) > data_end) return …; again after each change of the packet',
  },
  'zero-size': {
    says: [/invalid zero-sized read/],
    why: 'the length may be 0, which the helper does not take',
    remedy: 'check it just before the call: if (length == 0) return 0;',
  },
  'unbounded-access': {
    says: [
      /unbounded memory access/,
      /min value is negative, either use unsigned/,
      /with unbounded min value is not allowed/,
      /invalid unbounded variable-offset/,
      /unbounded (min|max) value/,
      /has value (range|.* unbounded)/,
      /math between \w+ pointer and/,
      /pointer offset -?\d+ is not allowed/,
    ],
    why: 'an offset or length is not known to stay within bounds',
    remedy:
      'bound it just before the use and use that variable: if (i >= N) return 0; or i &= N - 1; unsigned',
  },
  'map-value-bounds': {
    says: [/invalid access to map value/, /invalid access to map key/],
    why: "the access goes beyond the map's value",
    remedy: 'keep offset + size within the value: check the index against the number of elements before',
  },
  'memory-bounds': {
    says: [
      /invalid access to memory, mem_size/,
      /outside of the allowed memory range/,
      /invalid tp .*access/,
      /invalid (\w+ )*buffer (access|offset)/,
    ],
    why: 'the access goes beyond the memory that was given',
    remedy: 'access no more than was reserved or passed, with an index that is checked against it',
  },
  'socket-access': {
    says: [/invalid \w*sock\w* access/],
    why: 'the member of the socket is not visible here, or not by an access of that size or place',
    remedy:
      'read members of struct bpf_sock or bpf_tcp_sock whole; bpf_sk_fullsock() first, where the socket may be none',
  },
  'struct-bounds': {
    says: [
      /invalid negative access/,
      /access beyond (struct|the end of)/,
      /has beyond struct/,
      /access beyond .* at off/,
    ],
    why: 'the access goes beyond the struct of the kernel',
    remedy: 'read a field of the right type, and arrays within their length',
  },
  'uninitialized-stack': {
    says: [
      /invalid (indirect )?read from stack (R\d+ )?(var_off |off -?\d+\+\d+ )/,
      // Within the 512 bytes, but below all that was written.
      /invalid read from stack R\d+ off=-(?:[89]|[1-9]\d|[1-4]\d\d|50\d|51[0-2]) size=[1248]\b/,
    ],
    why: 'bytes of the stack are read that were never written; padding between members counts',
    remedy: 'initialize it whole: struct key key = {}; or __builtin_memset(&key, 0, sizeof(key));',
  },
  'stack-bounds': {
    says: [
      /invalid (write to|read from|access to|indirect access to|indirect read from) stack/,
      /invalid (variable-offset|zero-size) .*stack/,
      /invalid stack (off|type|access)/,
      /variable[ -](offset )?stack (access|pointer)/,
      /indirect variable-offset stack access/,
    ],
    why: 'the access lies outside of the variable or of the 512 bytes of stack, or at an offset that is not known',
    remedy: 'keep index and size within the array, or keep large or indexed data in a per-CPU array map',
  },
  'stack-size': {
    says: [/combined stack size of/, /stack size .*(too large|exceeds)/i, /Stack limit/],
    why: 'the functions that call each other need more than 512 bytes of stack together',
    remedy: 'move large variables into a per-CPU array map of one element',
  },
  'call-depth': {
    says: [/call stack of \d+ frames is too deep/],
    why: 'functions call each other deeper than 8',
    remedy: 'make some of them __always_inline, or go on with a tail call',
  },
  misaligned: {
    says: [/misaligned (stack|value|packet|context|access|\w+) access/],
    why: "the address is no multiple of the access's size",
    remedy: 'order the members by size, or copy the bytes with __builtin_memcpy()',
  },
  'atomic-target': {
    says: [/BPF_(ATOMIC|XADD) (stores|loads) (into|from) R\d+ \S+ is not allowed/],
    why: 'atomic operations work on maps, on the stack and on memory that belongs to the program',
    remedy: 'count in a map, or write it plainly',
  },
  'context-access': {
    says: [
      /negative offset ctx ptr/,
      /variable ctx access/,
      /invalid bpf_context access/,
      /dereference of modified ctx ptr/,
      /doesn't have \d+-th argument/,
      /cannot (write|access) (into )?(ctx|context)/,
      /invalid bpf_sock(_ops)? access/,
    ],
    why: 'this type of program may not access that part of its context, or not by a moved pointer',
    remedy:
      'access members of the context that the type has, whole, at their own offset; read-only ones only read',
  },
  'write-only': {
    says: [/read from map forbidden/],
    why: 'the map was made with BPF_F_WRONLY_PROG: programs write it and do not read it',
    remedy: 'leave that flag out',
  },
  'read-only': {
    says: [
      /only read from \w+ is supported/,
      /no write support to/,
      /may write into memory pointed by/,
      /does not allow writes to packet data/,
      /write into map forbidden/,
      /cannot write into (rdonly|packet|\w*rdonly)/,
      /cannot write into/,
      /only read is supported/,
      /R\d+ forbidden write/,
      /writes? to .* (not allowed|is read-?only)/,
    ],
    why: 'what is written is read-only for programs: a constant, a frozen map or memory of the kernel',
    remedy: 'write to a copy; a variable that changes must not be const',
  },
  'return-code': {
    says: [
      /At (program exit|callback return|async callback|subprogram exit).* (should have been in|is not a known value)/,
    ],
    why: 'the value is none that this program or callback may return',
    remedy: 'return one of the values that the message names, on every path',
  },
  'pointer-leak': {
    says: [/leaks addr/],
    why: 'a kernel address would become visible to who must not see it',
    remedy: 'return and store numbers, not pointers; CAP_PERFMON allows it in maps',
  },
  'pointer-arithmetic': {
    says: [
      /pointer arithmetic/,
      /pointer [+-]= pointer prohibited/,
      /bitwise operator .* on pointer prohibited/,
      /pointer (operation|comparison) prohibited/,
      /subtract(ion)?( .*)? from (scalar|stack|pointer)/,
      /on pointer prohibited/,
    ],
    why: 'pointers may only be moved by adding or subtracting bounded numbers, and not every kind of pointer may',
    remedy:
      'move a copy of the pointer by a checked number; for anything else read the number out of it first',
  },
  'mixed-pointers': {
    says: [/same insn cannot be used with different pointers/],
    why: 'one instruction is reached with pointers of different kinds, for clang has joined two branches',
    remedy: 'keep the branches apart: asm volatile("" ::: "memory") in one of them',
  },
  'uninitialized-register': {
    says: [/R\d+ !read_ok/, /caller saved|uninitialized register/],
    why: 'a value is used, or returned, that was never set on this path',
    remedy: 'initialize the variable, return a value on every path, and read arguments before the first call',
  },
  'not-a-pointer': {
    says: [/invalid mem access '(scalar|inv|unknown)/, /invalid mem access '/, /R\d+ invalid mem access/],
    why: 'a number, or a pointer of another kind, is used as a pointer to memory that can be read',
    remedy:
      'read kernel memory with BPF_CORE_READ() or bpf_probe_read_kernel(), that of processes with …_user()',
  },
  'helper-argument': {
    says: [
      /is of type \S+ but \S+ is expected/,
      /expected pointer to (STRUCT|UNION) /,
      /R\d+ must be a known constant/,
      /Unsupported reg type/,
      /does not point to a readonly map/,
      /string is not zero-terminated/,
      /doesn't support non-zero flags/,
      /R\d+ type=\S+ expected=/,
      /arg#\d+ .*(expected|must|expects)/,
      /R\d+ is not a (scalar|known constant)/,
    ],
    why: 'the function takes another kind of value in this argument',
    remedy: 'pass what the message expects; keys and values of maps by address: &key',
  },
  'infinite-loop': {
    says: [/infinite loop detected/],
    why: 'the loop comes back to a state that it has been in, so it may never end',
    remedy: 'count the rounds up to a constant, or use bpf_loop() or bpf_for()',
  },
  'back-edge': {
    says: [/back-edge from insn/, /recursive call/],
    why: 'the program jumps back where loops are not allowed: recursion, or a loop without CAP_BPF',
    remedy: 'replace recursion by a loop with a constant bound; unroll loops of unprivileged programs',
  },
  'too-many-instructions': {
    says: [
      /BPF program is too large/,
      /sequence of \d+ jumps is too complex/,
      /too many (instructions|states)/,
    ],
    why: 'the verifier gave up: over all paths there are more instructions or jumps than it follows',
    remedy:
      'shorten loops, replace them by bpf_loop(), make functions global (not static), or split by tail calls',
  },
  'legacy-packet-load': {
    says: [/LD_(ABS|IND) is only allowed/],
    why: 'load_byte(), load_half() and load_word() end the program where the packet is too short, so it must return int',
    remedy: 'call them in functions that return int, or use bpf_skb_load_bytes()',
  },
  'control-flow': {
    says: [
      /unreachable insn/,
      /jump out of range/,
      /last insn is not an exit/,
      /jump into the middle/,
      /no exit/i,
    ],
    why: 'an instruction is never reached, or the program runs on behind its end',
    remedy: 'return on every path; __builtin_unreachable() and undefined behavior make clang leave code out',
  },
  'function-argument': {
    says: [
      /Global function .*doesn't return/,
      /in function .* is not supported/i,
      /Caller passes invalid args into func/,
      /arg#\d+ .* (is not supported|must point)/,
    ],
    why: 'a global function is verified by itself, and its arguments or result are of a type that it cannot have',
    remedy: 'make the function static, or take numbers, the context and pointers to structs of known size',
  },
  'attach-target': {
    says: [
      /is not modifiable/,
      /attach_btf_id/,
      /cannot be attached|can't attach|Cannot attach/i,
      /is not supported by (trampoline|this kernel)/,
      /FENTRY|fmod_ret/i,
      /Tracing programs must provide btf_id/,
    ],
    why: 'the program cannot be attached to that function',
    remedy: 'choose another function: not inlined, with BTF, and of the kind that the section takes',
  },
  'struct-ops-member': {
    says: [/attach to unsupported member/],
    why: 'the kernel takes no program for that member of the table of struct_ops',
    remedy: 'leave it out',
  },
  'map-descriptor': {
    says: [/fd -?\d+ is not pointing to valid bpf_map/],
    why: 'the instruction names a file descriptor that is none of a map',
    remedy: 'name the map by its variable, for which libbpf fills in the descriptor',
  },
  'unknown-instruction': {
    says: [
      /R1[1-5] is invalid/,
      /unknown opcode/,
      /uses (reserved fields|invalid atomic opcode)/,
      /invalid atomic/,
      /BPF_\w+ uses reserved/,
      /not supported by (the )?JIT|JIT (doesn't|does not) support/i,
    ],
    why: 'this kernel does not know the instruction',
    remedy: 'compile for an older set, as with -mcpu=v2; atomics whose old value is used need Linux 5.12',
  },
  arithmetic: {
    says: [/div(ision)? by zero/, /invalid shift/],
    why: 'the operand is a constant that the operation cannot have',
    remedy: 'shift by less than the width, divide by something else than zero',
  },
  'frame-pointer': {
    says: [/frame pointer is read only/],
    why: 'R10 is the frame pointer, which no program changes',
    remedy: 'use another register',
  },
  'spilled-pointer': {
    says: [/corrupt(ed)? spill/, /attempt to corrupt spilled/, /invalid size of register (spill|fill)/],
    why: 'a pointer on the stack is overwritten or read in part',
    remedy: 'write and read pointers whole',
  },
  btf: {
    says: [/BTF|btf_id|func_info|line_info/],
    why: 'the type information does not fit the program or the kernel',
    remedy: 'compile with clang -g, and with the vmlinux.h of a kernel that has the types',
  },
} satisfies Readonly<Record<string, Mistake>>;

/** The name of a class of mistakes. */
export type MistakeName = keyof typeof table;

/** The classes of mistakes that are known, by name. */
export const verifierRules: Readonly<Record<MistakeName, Mistake>> = table;

/** The class that a text of the verifier is of; undefined where none is known. */
export function mistakeIn(text: string): MistakeName | undefined {
  const rows = Object.entries<Mistake>(verifierRules) as [MistakeName, Mistake][];
  return rows.find(([, { says }]) => says.some(pattern => pattern.test(text)))?.[0];
}
