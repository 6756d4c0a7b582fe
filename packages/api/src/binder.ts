/** Can others reach a site of this name? Not this machine itself, nor names and addresses of local networks. */
export function isPublicHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost' || /\.(localhost|local|internal|lan|home|test)$/.test(host)) return false;
  if (host.includes(':')) return !/^(::1$|::$|f[cd]|fe[89ab])/.test(host);
  const parts = /^(\d+)\.(\d+)\.\d+\.\d+$/.exec(host);
  if (!parts) return host.includes('.');
  const [a, b] = [Number(parts[1]), Number(parts[2])];
  const isPrivate = a === 10 || a === 127 || a === 0 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168);
  return !isPrivate && !(a === 169 && b === 254) && !(a === 100 && b >= 64 && b < 128);
}

/** Name of the notebook of a language in the repository of a data set. */
export const notebookName = (language: 'en' | 'ja'): string =>
  language === 'en' ? 'notebook.ipynb' : `notebook-${language}.ipynb`;

/**
 * Where mybinder.org starts the notebook of a data set: Binder clones git repositories and takes nothing else, so each data
 * set is one too (`notebook.git`). The address holds as long as others can reach this site.
 * @param dataset address of the data set in the interface, `https://host/api/v1/studies/…/datasets/ID`
 */
export function binderAddress(dataset: string, language: 'en' | 'ja'): string {
  return `https://mybinder.org/v2/git/${encodeURIComponent(`${dataset}/notebook.git`)}/main?labpath=${notebookName(language)}`;
}
