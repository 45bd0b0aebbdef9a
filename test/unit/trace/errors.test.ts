/** What is said of scripts that make no sense: where, what was expected, and the nearest name. */
import { describe, expect, it } from 'vitest';
import { compileTrace } from '../../../lib/trace/index.js';

/** Of no machine: no types, no tracepoints. */
const target = { arch: 'x64', cpus: 2 };

function messageOf(script: string): string {
  try {
    compileTrace(script, { name: 'x.bt', target });
    return 'it compiles';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('an error', () => {
  it('shows line, column, the line, and a caret below it', () => {
    expect(messageOf('begin {\n  @x = 5 +;\n}')).toBe(
      'trace x.bt:2:11: ERR_BPF_ARGUMENT, expected a value; there is ;\n  @x = 5 +;\n          ^',
    );
  });

  it.each([
    ['begin { print(pidd); }', 'there is no name pidd', 'is pid meant?'],
    ['begin { pritnf("x"); }', 'there is no function pritnf', 'is printf meant?'],
    ['bgein { }', 'there is no probe bgein', 'is begin meant?'],
    ['begin { $count = 1; print($cuont); }', 'there is no variable $cuont here', 'is count meant?'],
    ['config = { max_map_key = 5 } begin { }', 'there is no setting max_map_key', 'is max_map_keys meant?'],
  ])('of %s names what may be meant', (script, reason, hint) => {
    expect(messageOf(script)).toContain(reason);
    expect(messageOf(script)).toContain(hint);
  });

  it('of a probe that is not there says how it may be missing', () => {
    const bare = {
      ...target,
      tracepoints: () => ['sched:sched_switch'],
      tracepointFormat: (category: string) => (category === 'sched' ? '' : undefined),
    };
    const probesOf = (script: string) => compileTrace(script, { target: bare }).probes;
    expect(() => probesOf('tracepoint:sched:sched_switch, tracepoint:net:x { }')).toThrow(
      'there is no tracepoint net:x',
    );
    expect(() => probesOf('tracepoint:net:* { }')).toThrow(
      /no tracepoint matches net:\*[\s\S]*missing_probes = ignore/,
    );
    expect(probesOf('tracepoint:net:*, tracepoint:sched:* { }')).toEqual(['tracepoint:sched:sched_switch']);
    expect(probesOf('config = { missing_probes = ignore } begin { } tracepoint:net:x { }')).toEqual([
      'begin',
    ]);
  });

  it.each([
    ['begin { printf("%d"); }', 'the format takes 1 values, and 0 are given'],
    ['begin { @x = 1; @x = "a"; }', '@x is int8, and cannot be string[2] too'],
    ['begin { print(1 + "a"); }', '+ is of numbers, and this is string[2]'],
    ['begin { count(); }', 'count() is assigned to a map, as @x = count(…)'],
    ['begin { @x[1] = 1; print(@x + 1); }', '@x has keys: this one is missing'],
    ['begin { print(@never); }', '@never is never assigned a value'],
    ['begin { system("true"); }', 'system changes the machine'],
    ['begin { $1 = 2; }', 'parameters of the command line cannot be assigned'],
    ['begin { "', 'a string has no end'],
    ['begin { /* ', 'a comment has no end'],
    ['begin { 0b1; }', '0b1 is no number'],
    ['begin { 99999999999999999999; }', 'does not fit into 64 bits'],
    ['interval:s { }', 'interval takes how often it runs'],
    ['interval:xx:1 { }', 'there is no unit xx; there are hz, s, ms and us'],
    ['macro m(x) { m(x) } begin { m(1); }', 'macro m calls itself'],
    ['begin { @x = hist(1, 9); }', 'a histogram has 0 to 5 bits, not 9'],
    ['begin { skboutput("a", 1, 2, 3); }', 'skboutput is not supported yet'],
    ['begin { print(&5); }', 'this has no address'],
    ['begin { print(strerror("a")); }', 'strerror takes a number, and this is string[2]'],
    ['begin { print(pton("1.2.3")); }', '"1.2.3" is no address of IPv4 or IPv6'],
    ['begin { static_assert(1 == 2, "one is not two"); }', 'one is not two'],
    ['begin { static_assert(pid == 2, "x"); }', 'this is only known when the script runs'],
    ['struct a { int }; begin { }', 'expected the name of a member; there is }'],
    ['struct a { foo_t x; } begin { }', 'there is no type foo_t'],
    ['struct a { struct b x; } begin { }', 'nothing is known of the type of x'],
    ['struct a { int x:40; } begin { }', 'a bit field of 32 bits has 0 to that many, not 40'],
    ['struct a { int x[0x7fffffff]; } begin { }', 'an array of 2147483647 elements is too big'],
    ['enum a { A = B } begin { }', 'expected a number, or a constant that is known; there is B'],
    ['struct a { int x; } begin { print(((struct a *)1).y); }', 'struct a has no field y'],
    [
      'struct a { int x; } __attribute__((aligned(3))); begin { }',
      'an alignment is a power of two up to 4096, not 3',
    ],
    [
      `struct a { ${'struct { '.repeat(40)}${'} x; '.repeat(40)} } begin { }`,
      'more than 32 levels within each other',
    ],
    ['#include <linux/x.h>\nbegin { print(SOMETHING); }', 'declare it in the script: #include is not read'],
    ['test:x { }', 'test probes are not supported yet'],
    ['usdt:x { }', 'expected usdt:FILE:PROVIDER:NAME'],
    ['usdt:/no/file:y { }', '/no/file is no program or library that can be read'],
    ['iter:task { }', "iterators need the kernel's types (BTF)"],
    ['watchpoint:0x10:3:rw { }', 'a length is 1, 2, 4 or 8, not 3'],
    ['watchpoint:0x10:8:q { }', 'expected watchpoint:ADDRESS:LENGTH:MODE'],
    ['import "x.bt"; begin { }', 'imports are not supported yet'],
    [`begin { ${'('.repeat(5000)} }`, 'more than 200 levels within each other'],
    ['', 'a script is a string, not ""'],
    ['// nothing', 'the script has no probe'],
  ])('of %s', (script, reason) => {
    expect(messageOf(script)).toContain(reason);
  });
});
