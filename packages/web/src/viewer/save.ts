/** Hands a text to the browser as a download. */
export function saveText(name: string, mediaType: string, content: string): void {
  saveUrl(name, URL.createObjectURL(new Blob([content], { type: mediaType })));
}

/** Hands an address (of a blob, or a data address) to the browser as a download. */
export function saveUrl(name: string, url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  if (url.startsWith('blob:')) setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
