import { RemoteZarrError } from '@micrarium/formats';
import type { text } from '../messages/text.ts';

/** Errors are looked through for their causes up to this depth. */
const mostCauses = 10;

/**
 * Why pixels could not be read, in words of the page: which address elsewhere did not answer and what to do, where that
 * is the reason; else what the error says.
 */
export function failureWords(error: unknown, words: typeof text): string {
  let cause = error;
  for (let n = 0; n < mostCauses && cause instanceof Error; n++) {
    if (cause instanceof RemoteZarrError && cause.url !== undefined) {
      const { url, fault, status } = cause;
      const { host } = new URL(url);
      if (fault === 'no-answer') return words('viewer.siteSilent', { url, host });
      if (fault === 'refused') return words('viewer.siteRefused', { url, host, status: String(status ?? '') });
    }
    cause = cause.cause;
  }
  return error instanceof Error ? error.message : String(error);
}
