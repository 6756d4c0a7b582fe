const event = 'micrarium.open-fold';

/** Asks for the fold that holds a field to be opened; true where one took it up. */
export function openFoldOf(element: string): boolean {
  return !window.dispatchEvent(new CustomEvent(event, { detail: element, cancelable: true }));
}

/** Listens for fields that are to be shown. @param take says whether it has the field, and opens itself */
export function onOpenFold(take: (element: string) => boolean): () => void {
  const listen = (asked: Event) => {
    if (take((asked as CustomEvent<string>).detail)) asked.preventDefault();
  };
  window.addEventListener(event, listen);
  return () => window.removeEventListener(event, listen);
}
