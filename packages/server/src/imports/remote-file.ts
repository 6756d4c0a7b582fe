import { AddressRefused, type AddressRule, askPublic } from '../outside/public-file.ts';
import { ImportRefused, type LeftOver, type OpenedFile } from './import-source.ts';

/** Says what an answer that is none means. @throws always: AddressRefused for what may pass, else ImportRefused */
export function refuseStatus(host: string, status: number): never {
  if (status >= 500 || status === 429)
    throw new AddressRefused(`${host} answered ${status}.`, { code: 'answered', host, status });
  if (status === 401 || status === 403)
    throw new ImportRefused(
      `${host} answered ${status}: it does not give this without the right name and password or key.`,
      { code: 'no-access', host, status },
    );
  if (status === 404 || status === 410)
    throw new ImportRefused(`${host} answered ${status}: there is nothing there.`, {
      code: 'nothing-there',
      host,
      status,
    });
  throw new ImportRefused(`${host} answered ${status}.`, { code: 'answered', host, status });
}

/** A whole number in a header; `undefined` where there is none. */
export function lengthIn(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}

/**
 * Opens a file of a server, from where an earlier try broke off if the server still has the same one.
 * @throws ImportRefused, AddressRefused, and the signal's reason
 */
export async function openRemote(
  address: string,
  asked: { headers?: Record<string, string>; signal: AbortSignal; left?: LeftOver | undefined; rule: AddressRule },
): Promise<OpenedFile> {
  const { signal, left, rule } = asked;
  const range: Record<string, string> =
    left && left.from > 0 ? { range: `bytes=${left.from}-`, 'if-range': left.tag } : {};
  const { url, status, answer } = await askPublic(address, { headers: { ...asked.headers, ...range }, signal }, rule);
  const { etag, 'content-range': part, 'content-length': length } = answer.headers;
  // A weak mark says that two files mean the same, not that they are the same bytes.
  const tag: { tag?: string } = etag !== undefined && !etag.startsWith('W/') ? { tag: etag } : {};
  const begins = /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15}|\*)$/.exec(part ?? '');
  if (status === 206 && left && begins && Number(begins[1]) === left.from) {
    const size = lengthIn(begins[2]);
    return { bytes: answer, from: left.from, ...(size === undefined ? {} : { size }), ...tag };
  }
  if (status === 200) {
    const size = lengthIn(length);
    return { bytes: answer, from: 0, ...(size === undefined ? {} : { size }), ...tag };
  }
  answer.destroy();
  return refuseStatus(url.host, status);
}
