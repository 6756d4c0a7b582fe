/**
 * Addresses of the pages that are drawn in the browser; `$name` stands for one part of any value. The server answers every other address with
 * 404, and the page that says so: a link that leads nowhere is not to look alive to programs that follow it.
 */
export const pagePatterns = [
  '/',
  '/search',
  '/explore',
  '/explore/features',
  '/sql',
  '/queries/$id',
  '/sign-in',
  '/confirm-address',
  '/welcome',
  '/account',
  '/invitation',
  '/review/$draft',
  '/study-state/$accession',
  '/promotion/$accession',
  '/sharing/$draft',
  '/private-links/$accession',
  '/admin',
  '/notices',
  '/new-password',
  '/drafts',
  '/plans',
  '/plans/$plan',
  '/send-on/$accession/$version',
  '/questions/$accession',
  '/reuse/$accession',
  '/access/$accession',
  '/admin/dois',
  '/dois/$accession',
  '/requests/$accession',
  '/next-version/$accession',
  '/community-desk/$slug',
  '/add-to/$accession',
  '/edit-collection/$id',
  '/transfer/$accession',
  '/people/$id',
  '/formats',
  '/self-assessment',
  '/terms',
  '/inside',
  '/studies/$accession/challenge',
  '/gallery/$accession/$version',
  '/plate/$accession/$version/$item',
  '/embed/$accession/$version/$item',
  '/measures/$accession/$version/$item',
  '/space/$accession/$version/$item',
  '/film/$accession/$version/$item',
  '/open',
  '/compare',
  '/viewer/$accession/$version/$item',
  '/deposit/$draft',
] as const;

/** One of these addresses. */
export type PagePattern = (typeof pagePatterns)[number];

/** Is a page drawn in the browser at this address? @param path as it stands in the address, still encoded */
export function hasPageAt(path: string): boolean {
  const parts = path.split('/');
  return pagePatterns.some((pattern) => {
    const wanted = pattern.split('/');
    return (
      wanted.length === parts.length &&
      wanted.every((name, at) => (name.startsWith('$') ? parts[at] !== '' : name === parts[at]))
    );
  });
}
