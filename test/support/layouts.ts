/** Random C structs with known values: as C text for the compiler, as the JavaScript values it must become. */
import fc from 'fast-check';

/** A member: its C declaration, initializer, and the value it has in JavaScript. */
interface Member {
  readonly declare: (name: string) => string;
  readonly initializer: string;
  readonly value: unknown;
}

/** A struct: C text of its body, initializer and expected value. */
export interface Layout {
  readonly body: string;
  readonly attribute: string;
  readonly initializer: string;
  readonly value: Readonly<Record<string, unknown>>;
  /** What its flexible array `tail` holds, where it has one. */
  readonly tail?: readonly number[];
}

const plain = (type: string, initializer: string, value: unknown): Member => ({
  declare: name => `${type} ${name}`,
  initializer,
  value,
});

const integers = [
  ['unsigned char', 8, false],
  ['signed char', 8, true],
  ['unsigned short', 16, false],
  ['short', 16, true],
  ['unsigned int', 32, false],
  ['int', 32, true],
  ['unsigned long long', 64, false],
  ['long long', 64, true],
] as const;

const literal = (value: bigint, signed: boolean) =>
  signed ? `(long long)0x${BigInt.asUintN(64, value).toString(16)}ULL` : `0x${value.toString(16)}ULL`;
const range = (bits: number, signed: boolean) =>
  fc.bigInt(
    signed
      ? { min: -(2n ** BigInt(bits - 1)), max: 2n ** BigInt(bits - 1) - 1n }
      : { min: 0n, max: 2n ** BigInt(bits) - 1n },
  );
const ours = (value: bigint, bits: number) => (bits === 64 ? value : Number(value));

const integer = fc
  .constantFrom(...integers)
  .chain(([type, bits, signed]) =>
    range(bits, signed).map(value => plain(type, literal(value, signed), ours(value, bits))),
  );

const bitfield = fc.constantFrom(...integers).chain(([type, bits, signed]) =>
  fc.integer({ min: 1, max: bits }).chain(width =>
    range(width, signed).map(
      (value): Member => ({
        declare: name => `${type} ${name} : ${width}`,
        initializer: literal(value, signed),
        value: ours(value, bits),
      }),
    ),
  ),
);

const flag = fc
  .boolean()
  .map((value): Member => ({ declare: name => `_Bool ${name} : 1`, initializer: `${Number(value)}`, value }));
const bool = fc.boolean().map(value => plain('_Bool', `${Number(value)}`, value));
const double = fc.integer({ min: -1e6, max: 1e6 }).map(value => plain('double', `${value} / 8.0`, value / 8));
const float = fc.integer({ min: -1e5, max: 1e5 }).map(value => plain('float', `${value} / 8.0f`, value / 8));
const address = range(64, false).map(value => plain('void *', `(void *)${literal(value, false)}`, value));
const state = fc
  .constantFrom(['IDLE', 'IDLE'], ['BUSY', 'BUSY'], ['(enum state)77', 77] as const)
  .map(([text, value]) => plain('enum state', text, value));

const text = fc.integer({ min: 1, max: 80 }).chain(length =>
  fc
    .stringMatching(/^[a-z !"é€😀]*$/u, { maxLength: length })
    .map(value => cut(value, length))
    .map(
      (value): Member => ({
        declare: name => `char ${name}[${length}]`,
        initializer: `{ ${[...new TextEncoder().encode(value)].join(', ') || '0'} }`,
        value,
      }),
    ),
);

/** Whole characters only, as many as fit. */
function cut(value: string, length: number): string {
  let result = '';
  for (const character of value) {
    if (new TextEncoder().encode(result + character).length > length) break;
    result += character;
  }
  return result;
}

const bytes = fc.uint8Array({ minLength: 1, maxLength: 20 }).map(
  (value): Member => ({
    declare: name => `unsigned char ${name}[${value.length}]`,
    initializer: `{ ${[...value].join(', ')} }`,
    value: new Uint8Array(value),
  }),
);

const array = fc.constantFrom(...integers.slice(2)).chain(([type, bits, signed]) =>
  fc.array(range(bits, signed), { minLength: 1, maxLength: 12 }).map(
    (values): Member => ({
      declare: name => `${type} ${name}[${values.length}]`,
      initializer: `{ ${values.map(value => literal(value, signed)).join(', ')} }`,
      value: values.map(value => ours(value, bits)),
    }),
  ),
);

const table = fc.array(fc.tuple(range(16, false), range(16, false)), { minLength: 1, maxLength: 4 }).map(
  (rows): Member => ({
    declare: name => `unsigned short ${name}[${rows.length}][2]`,
    initializer: `{ ${rows.map(([a, b]) => `{ ${a}, ${b} }`).join(', ')} }`,
    value: rows.map(row => row.map(Number)),
  }),
);

/** A named union, of which the first member is set; the others are wide enough to show that its bytes survive. */
const union = range(32, false).map(
  (value): Member => ({
    declare: name =>
      `union { unsigned int word; unsigned char bytes[4]; struct { unsigned char low; unsigned short high; } parts; } ${name}`,
    initializer: `{ ${literal(value, false)} }`,
    value: { word: Number(value) },
  }),
);

const leaf = fc.oneof(
  integer,
  integer,
  bitfield,
  bitfield,
  flag,
  bool,
  double,
  float,
  address,
  state,
  text,
  bytes,
  array,
  table,
  union,
);
const attributes = fc.constantFrom('', '', '', '__attribute__((packed))', '__attribute__((aligned(16)))');

/** Members get names by their path, so that those of anonymous structs do not clash. */
function layoutOf(members: readonly Member[], attribute: string, prefix: string): Layout {
  const names = members.map((_, i) => `${prefix}${i}`);
  return {
    body: members.map((member, i) => `${member.declare(names[i] ?? '')};`).join(' '),
    attribute,
    initializer: `{ ${members.map(member => member.initializer).join(', ')} }`,
    value: Object.assign(
      {},
      ...members.map(({ value }, i) => (names[i] === undefined ? {} : { [names[i]]: value })),
    ),
  };
}

const nested = fc
  .tuple(fc.array(leaf, { minLength: 1, maxLength: 4 }), attributes)
  .map(([members, attribute]): Member => {
    const { body, initializer, value } = layoutOf(members, attribute, 'n');
    return { declare: name => `struct { ${body} } ${attribute} ${name}`, initializer, value };
  });

/** Structs of one to ten members, some nested, packed or aligned. */
export const layouts: fc.Arbitrary<Layout> = fc
  .tuple(
    fc.array(fc.oneof({ weight: 5, arbitrary: leaf }, { weight: 1, arbitrary: nested }), {
      minLength: 1,
      maxLength: 10,
    }),
    attributes,
  )
  .map(([members, attribute]) => layoutOf(members, attribute, 'm'));

/** The same with a flexible array behind. */
export const withTail: fc.Arbitrary<Layout> = fc
  .tuple(layouts, fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 1, maxLength: 9 }))
  .map(([layout, tail]) => ({
    ...layout,
    body: `${layout.body} unsigned short tail[];`,
    initializer: `${layout.initializer.slice(0, -1)}, { ${tail.join(', ')} } }`,
    tail,
  }));

/** One C file with all of them: `v0`, `v1`, … in `.data`. */
export function sourceOf(all: readonly Layout[]): string {
  const variables = all.map(
    ({ body, attribute, initializer }, i) =>
      `struct s${i} { ${body} } ${attribute}; struct s${i} v${i} = ${initializer};`,
  );
  return `enum state { IDLE, BUSY = 5 };\n${variables.join('\n')}\n`;
}
