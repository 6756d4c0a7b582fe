import { zipWriter } from '@micrarium/formats';
import { saveUrl } from '../viewer/save.ts';

/** Packs texts under their paths into one zip. */
export async function zipOfTexts(files: readonly { path: string; text: string }[]): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const zip = zipWriter({
    write: async (bytes) => void parts.push(new Uint8Array(bytes)),
  });
  for (const { path, text } of files) await zip.add(path, [new TextEncoder().encode(text)]);
  await zip.finish();
  return new Blob(parts, { type: 'application/zip' });
}

/** Hands the zip to the browser as a download. */
export async function saveTree(files: readonly { path: string; text: string }[], name: string): Promise<void> {
  saveUrl(name, URL.createObjectURL(await zipOfTexts(files)));
}
