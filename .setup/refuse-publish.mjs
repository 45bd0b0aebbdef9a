// `npm publish` of a checkout: refused, for it would lack the binaries and have binding.gyp in its root.
console.error('Publish what `npm run package` makes and checks: npm publish build/libbpf-ts-VERSION.tgz');
process.exit(1);
