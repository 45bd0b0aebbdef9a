// Tells bundlers that no module of the library does anything when it is loaded, for the manifest's `sideEffects` speaks of
// whole files and the built ones have many modules each. What the start of a module computes is marked `@__PURE__`, so
// that an application's bundle leaves out what it does not use.
import ts from 'typescript';

/** What runs when it is evaluated, or is taken for it by one of the bundlers. */
const running = new Set([
  ts.SyntaxKind.CallExpression,
  ts.SyntaxKind.NewExpression,
  ts.SyntaxKind.TaggedTemplateExpression,
  ts.SyntaxKind.PropertyAccessExpression,
  ts.SyntaxKind.ElementAccessExpression,
  ts.SyntaxKind.SpreadElement,
  ts.SyntaxKind.SpreadAssignment,
  ts.SyntaxKind.TemplateExpression,
]);

/** @param {string} code of a module @returns {string} the same with marks, on the same lines */
export function markPure(code) {
  const source = ts.createSourceFile('chunk.js', code, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const values = source.statements.flatMap(valuesOf).filter(runs);
  let marked = code;
  for (const value of values.reverse()) {
    const [from, to] = [value.getStart(source), value.getEnd()];
    marked = `${marked.slice(0, from)}/* @__PURE__ */ (() => (${marked.slice(from, to)}))()${marked.slice(to)}`;
  }
  return marked;
}

/** The values of constants. @param {ts.Statement} statement @returns {ts.Expression[]} */
function valuesOf(statement) {
  if (!ts.isVariableStatement(statement)) return [];
  const named = statement.declarationList.declarations.filter(({ name }) => ts.isIdentifier(name));
  return named.flatMap(({ initializer }) => initializer ?? []);
}

/** @param {ts.Node} node @returns {boolean} */
function runs(node) {
  if (ts.isFunctionLike(node) || ts.isClassLike(node)) return false;
  return running.has(node.kind) || (ts.forEachChild(node, child => runs(child) || undefined) ?? false);
}
