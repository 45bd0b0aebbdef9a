/** Where this package lies. */

/** Its folder. The build keeps this one step above the file that this line ends up in. */
export const packageFolder = new URL('..', import.meta.url);
