// A registry on loopback that has one package, and sends clients to the machine's own for all others. It answers as npm
// documents it: https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

/** What npm's registry keeps of a manifest in the abbreviated form: neither scripts nor `gypfile`. */
const abbreviated = [
  'name',
  'version',
  'dependencies',
  'optionalDependencies',
  'devDependencies',
  'bundleDependencies',
  'peerDependencies',
  'peerDependenciesMeta',
  'bin',
  'directories',
  'engines',
  'cpu',
  'os',
  'funding',
];
const shortForm = 'application/vnd.npm.install-v1+json';

const [tarball = '', upstream = ''] = process.argv.slice(2);
const data = readFileSync(tarball);
const manifest = JSON.parse(
  execFileSync('tar', ['-xzOf', tarball, 'package/package.json'], { encoding: 'utf8' }),
);

const server = createServer((request, response) => {
  const path = decodeURIComponent(request.url ?? '/');
  if (path === `/${manifest.name}`) return answer(request, response);
  if (path === `/${manifest.name}/-/${archive()}`) return response.end(data);
  response.writeHead(302, { location: upstream.replace(/\/$/, '') + request.url }).end();
});
server.listen(0, '127.0.0.1', () => console.log(origin()));

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
function answer(request, response) {
  const short = (request.headers.accept ?? '').includes(shortForm);
  const version = { ...(short ? pick(manifest, abbreviated) : manifest), dist: dist() };
  const body = {
    name: manifest.name,
    'dist-tags': { latest: manifest.version },
    modified: '2020-01-01T00:00:00.000Z',
    ...(!short && { time: { [manifest.version]: '2020-01-01T00:00:00.000Z' } }),
    versions: { [manifest.version]: version },
  };
  response.setHeader('content-type', short ? shortForm : 'application/json');
  response.end(JSON.stringify(body));
}

function dist() {
  const digest = (/** @type {string} */ name, /** @type {'hex' | 'base64'} */ encoding) =>
    createHash(name).update(data).digest(encoding);
  return {
    integrity: `sha512-${digest('sha512', 'base64')}`,
    shasum: digest('sha1', 'hex'),
    tarball: `${origin()}/${manifest.name}/-/${archive()}`,
  };
}

function archive() {
  return `${manifest.name}-${manifest.version}.tgz`;
}

function origin() {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return `http://127.0.0.1:${port}`;
}

/**
 * @param {Record<string, unknown>} from
 * @param {readonly string[]} names
 */
function pick(from, names) {
  return Object.fromEntries(names.filter(name => name in from).map(name => [name, from[name]]));
}
