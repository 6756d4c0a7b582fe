import { stylesOfPlots } from './inline-styles.ts';

/** What a page may do beyond what all pages may. */
export interface PolicyException {
  /** Origin whose data the page may fetch, besides our own. */
  connect?: string;
  /** Origin that serves the files of depositors, where it is another one: what the page reads is led there. */
  files?: string | undefined;
  /** May other sites show the page in a frame? */
  isFramed?: boolean;
}

/**
 * The content security policy: nothing inline but the style sheets of drawn plots, by digest, and nothing from elsewhere;
 * workers and WebAssembly (viewer, readers in the browser) are ours. A page that needs more says so, and only it gets it.
 */
export function contentPolicy({ connect, files, isFramed = false }: PolicyException = {}): string {
  const elsewhere = [connect, files].filter((origin) => origin !== undefined).map((origin) => ` ${origin}`);
  return [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    `style-src 'self' ${stylesOfPlots.join(' ')}`,
    "img-src 'self' data: blob:",
    "worker-src 'self' blob:",
    `connect-src 'self' blob: data:${elsewhere.join('')}`,
    ...(files === undefined ? [] : [`media-src 'self' blob: ${files}`]),
    "font-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${isFramed ? '*' : "'none'"}`,
  ].join('; ');
}

/** Origin of an address on the web, for a policy; `undefined` for what is none. Names with marks of a policy are none. */
function webOrigin(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { origin, protocol, hostname } = new URL(address);
  const isWeb = protocol === 'https:' || protocol === 'http:';
  return isWeb && /^[\w.:[\]-]+$/.test(hostname) ? origin : undefined;
}

/**
 * What the page of an address may do beyond others: pages below `/embed/` may be framed; `/open?url=…` may fetch from the
 * one server that its address names.
 */
export function exceptionFor(path: string, url: string | undefined): PolicyException | undefined {
  if (path.startsWith('/embed/')) return { isFramed: true };
  if (path !== '/open' || url === undefined) return undefined;
  const connect = webOrigin(url);
  return connect === undefined ? undefined : { connect };
}
