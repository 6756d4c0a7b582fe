/**
 * A study's page without what leads to the account of its depositor: a catalogue made anew from the archive knows no
 * accounts until a backup brings them.
 */
export function withoutAccounts(page: string): string {
  return page
    .replace(/<a class="btn" href="\/next-version\/.*?<\/a>/, '')
    .replace(/<a class="l" href="\/people\/[^>]*>(.*?)<\/a>/, '$1');
}
