import { useEffect } from 'react';

/** Title of the browser tab while a page is open. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === '' ? 'Micrarium' : `${title} - Micrarium`;
  }, [title]);
}
