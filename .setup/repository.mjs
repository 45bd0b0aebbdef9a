// Where the repository is published. Nothing is known yet and nothing is invented: an address here appears in the
// package's manifest, its bill of materials, its README and on the site, and a release gets its provenance.

/** As `https://HOST/OWNER/NAME`. @type {string | undefined} */
export const repository = undefined;

/**
 * What the published manifest says of it. npm proves where a package was built only of one that names its repository:
 * https://docs.npmjs.com/generating-provenance-statements
 *
 * @param {string | undefined} address
 */
export function manifestFields(address = repository) {
  if (address === undefined) return {};
  return {
    homepage: `${address}#readme`,
    repository: { type: 'git', url: `git+${address}.git` },
    bugs: { url: `${address}/issues` },
    publishConfig: { provenance: true },
  };
}

/** A text that says where to clone it from. @param {string} text @param {string | undefined} address */
export function withAddress(text, address = repository) {
  return address === undefined ? text : text.replaceAll('<this repository>', address);
}

/** What leads to it from the site. @param {string | undefined} address */
export function siteLinks(address = repository) {
  return address === undefined ? {} : { Source: address };
}
