// The library's declarations, checked and written. TypeScript leaves out constructors that are `@internal`, and a class
// without one seems to have one that anybody may call: here it gets one that nobody outside may.
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './paths.mjs';

const config = ts.getParsedCommandLineOfConfigFile(join(root, 'tsconfig.json'), undefined, {
  ...ts.sys,
  onUnRecoverableConfigFileDiagnostic: report,
});
if (config === undefined) process.exit(1);
const program = ts.createProgram(config.fileNames, config.options);
const emitted = program.emit(undefined, undefined, undefined, true, {
  afterDeclarations: [hideConstructors],
});
const found = [...ts.getPreEmitDiagnostics(program), ...emitted.diagnostics];
found.forEach(report);
process.exitCode = found.length > 0 ? 1 : 0;

/** @param {ts.Diagnostic} diagnostic */
function report(diagnostic) {
  process.stderr.write(ts.formatDiagnostic(diagnostic, ts.createCompilerHost({})));
}

/** @param {ts.TransformationContext} context */
function hideConstructors(context) {
  /** @param {ts.Node} node */
  const visit = node => (ts.isClassDeclaration(node) && hidesConstructor(node) ? withProtected(node) : node);
  /** @param {ts.SourceFile | ts.Bundle} file */
  return file => ts.visitEachChild(file, visit, context);
}

/** @param {ts.ClassDeclaration} declared */
function hidesConstructor(declared) {
  const source = ts.getOriginalNode(declared);
  if (!ts.isClassDeclaration(source) || declared.members.some(ts.isConstructorDeclaration)) return false;
  return source.members.some(ts.isConstructorDeclaration);
}

/** @param {ts.ClassDeclaration} node */
function withProtected(node) {
  const { factory } = ts;
  const modifiers = [factory.createModifier(ts.SyntaxKind.ProtectedKeyword)];
  const hidden = factory.createConstructorDeclaration(modifiers, [], undefined);
  const members = [...node.members, hidden];
  return factory.updateClassDeclaration(
    node,
    node.modifiers,
    node.name,
    node.typeParameters,
    node.heritageClauses,
    members,
  );
}
