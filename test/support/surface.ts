/** The public surface, as TypeScript reads it from the declarations of all doors. */
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { doors } from '../../.setup/doors.mjs';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
const declarations = new Map(doors.map(({ name, built }) => [name, `${dist}${built}.d.ts`]));
const program = ts.createProgram([...declarations.values()], {
  skipLibCheck: true,
  module: ts.ModuleKind.NodeNext,
});

export const checker = program.getTypeChecker();
export const doorNames = [...declarations.keys()];

/** What a door exports, behind its re-exports. */
export function exportedBy(door: string): ts.Symbol[] {
  const source = program.getSourceFile(declarations.get(door) ?? '');
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error('the library is not built: npm run build');
  return checker.getExportsOfModule(module).map(behindAlias);
}

/** What the declarations of a symbol name of this package's modules. */
export function namedBy(symbol: ts.Symbol): ts.Symbol[] {
  const named = new Set<ts.Symbol>();
  const visit = (node: ts.Node): void => {
    if (isPrivate(node)) return;
    const found = ts.isIdentifier(node) ? symbolOf(node) : undefined;
    if (found) named.add(behindAlias(found));
    ts.forEachChild(node, visit);
  };
  symbol.declarations?.map(written).forEach(visit);
  return [...named].filter(isOfModule);
}

const { InTypeAlias, MultilineObjectLiterals, NoTruncation, UseSingleQuotesForStringLiteralType } =
  ts.NodeBuilderFlags;
const whole = InTypeAlias | MultilineObjectLiterals | NoTruncation | UseSingleQuotesForStringLiteralType;

/** A declaration; an alias that takes its types from a table, as `keyof typeof table`, with the names that are in it. */
export function written(declaration: ts.Declaration): ts.Declaration {
  if (!ts.isTypeAliasDeclaration(declaration) || declaration.typeParameters) return declaration;
  if (!takesConstant(declaration.type)) return declaration;
  const { modifiers, name, type } = declaration;
  const expanded = checker.typeToTypeNode(checker.getTypeFromTypeNode(type), undefined, whole) ?? type;
  return ts.factory.createTypeAliasDeclaration(modifiers, name, undefined, sorted(expanded));
}

/** TypeScript has the members of unions and mapped types in the order in which it met their names anywhere. */
function sorted<Node extends ts.Node>(node: Node): Node {
  const inside = ts.visitEachChild(node, sorted, undefined);
  if (ts.isUnionTypeNode(inside)) {
    const literals = inside.types.filter(ts.isLiteralTypeNode).sort(byText);
    const others = inside.types.filter(each => !ts.isLiteralTypeNode(each));
    return ts.factory.createUnionTypeNode([...literals, ...others]) as ts.Node as Node;
  }
  if (!ts.isTypeLiteralNode(inside)) return inside;
  return ts.factory.createTypeLiteralNode([...inside.members].sort(byText)) as ts.Node as Node;
}

function byText(a: ts.LiteralTypeNode | ts.TypeElement, b: ts.LiteralTypeNode | ts.TypeElement): number {
  return textOf(a) < textOf(b) ? -1 : 1;
}

function textOf(node: ts.LiteralTypeNode | ts.TypeElement): string {
  const named = ts.isLiteralTypeNode(node) ? node.literal : node.name;
  return named !== undefined && 'text' in named ? String(named.text) : '';
}

/** What TypeScript has printed itself knows its symbols. */
function symbolOf(node: ts.Identifier & { readonly symbol?: ts.Symbol }): ts.Symbol | undefined {
  return node.symbol ?? checker.getSymbolAtLocation(node);
}

function takesConstant(node: ts.Node): boolean {
  return ts.isTypeQueryNode(node) || ts.forEachChild(node, takesConstant) === true;
}

function isPrivate(node: ts.Node): boolean {
  const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword) === true;
}

/** Not a member, a parameter or a type variable, and nothing of the language or of Node. */
function isOfModule({ declarations = [] }: ts.Symbol): boolean {
  return declarations.some(each => {
    const statement = ts.isVariableDeclaration(each) ? each.parent.parent : each;
    return (
      each.getSourceFile().fileName.startsWith(dist) &&
      statement.parent !== undefined &&
      ts.isSourceFile(statement.parent)
    );
  });
}

function behindAlias(symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}
