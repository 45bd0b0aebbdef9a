/** What the documentation of exports says of kernels and of libbpf, and whether it says where that is to be read. */
import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';

export interface Claim {
  /** The file in lib and the comment, as `link/links.ts: All links …`. */
  readonly text: string;
  /** By the comment itself, that of the class or interface around it, or that at the head of the file. */
  readonly hasSource: boolean;
}

const verbs =
  'does|do|has|have|keeps?|gives?|says?|tells?|takes?|refuses?|lets?|makes?|counts?|checks?|runs?|removes?|reads?|writes?';

/** A version, an errno, a capability, or what the kernel or libbpf does. */
const claim = new RegExp(
  `@since|\\b([Ss]ince|[Bb]efore|[Ff]rom) Linux \\d|(?<![A-Z_])E[A-Z][A-Z0-9]{2,}\\b(?!_)|\\bCAP_[A-Z]|\\b([Kk]ernels?|libbpf) (${verbs})\\b`,
);

/** A function and its file, a page of the manual, a header, the kernel's documentation, an address, a constant of the interface. */
const source =
  /\w+\(\)(?:'s)? (?:in|there)\b|\b[a-z]\w+\([1-8]\)|\w\.[ch]\b|\bDocumentation\/|\bscripts\/|https?:\/\/|\b(BPF|PERF|SO|XDP|MAP)_[A-Z]/;

const lib = new URL('../../lib/', import.meta.url);

/** All claims of all files. */
export function claims(): Claim[] {
  const files = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts'));
  return files.sort().flatMap(claimsOf);
}

function claimsOf(file: string): Claim[] {
  const text = readFileSync(new URL(file, lib), 'utf8');
  const parsed = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const head = /^\/\*\*[\s\S]*?\*\//.exec(text)?.[0] ?? '';
  const exported = parsed.statements.filter(isExported);
  return exported
    .flatMap(node => claimsAt(node, head))
    .map(each => ({ ...each, text: `${file}: ${each.text}` }));
}

function isExported(node: ts.Node): boolean {
  const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

/** Those of a declaration and of its members, whose sources may be `around` them; bodies have none. */
function claimsAt(node: ts.Node, around: string): Claim[] {
  const comments = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).map(wordsOf);
  const known = [around, ...comments].join(' ');
  const own = comments
    .filter(text => claim.test(text))
    .map(text => ({ text, hasSource: source.test(known) }));
  const inside: Claim[] = [];
  ts.forEachChild(node, child => {
    if (!ts.isBlock(child) && !ts.isJSDoc(child)) inside.push(...claimsAt(child, known));
  });
  return [...own, ...inside];
}

/** Without examples, line breaks and the library's own codes. */
function wordsOf(comment: ts.JSDoc): string {
  const text = comment
    .getText()
    .replace(/```[\s\S]*?```/g, '')
    .replace(/`ERR_BPF_\w+`/g, '');
  return text
    .replace(/\s*\n\s*\*?\s*/g, ' ')
    .replace(/^\/\*\* ?|\s*\*\/$|\/$/g, '')
    .trim();
}
