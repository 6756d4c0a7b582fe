import type { TrackProvenance } from '@micrarium/model';
import { SaxesParser } from 'saxes';
import { attributeText } from './features.ts';

/** Settings of TrackMate come back as they were; else only the film is described. */
export function settingsOf(provenance: TrackProvenance): string {
  const { settings } = provenance;
  if (settings !== undefined && isSettings(settings)) return `  ${settings}\n`;
  const { imageName, imageSizes, pixelSize, frameInterval } = provenance;
  const known: [string, string | number | undefined][] = [
    ['filename', imageName],
    ['width', imageSizes?.x],
    ['height', imageSizes?.y],
    ['nslices', imageSizes?.z],
    ['nframes', imageSizes?.t],
    ['pixelwidth', pixelSize?.x],
    ['pixelheight', pixelSize?.y],
    ['voxeldepth', pixelSize?.z],
    ['timeinterval', frameInterval],
  ];
  const said = known.filter(([, value]) => value !== undefined);
  if (said.length === 0) return '';
  const attributes = said.map(([key, value]) => ` ${key}="${attributeText(String(value))}"`).join('');
  return `  <Settings>\n    <ImageData folder=""${attributes} />\n  </Settings>\n`;
}

/** Is the text one well-formed element `Settings`? */
export function isSettings(text: string): boolean {
  // The reader takes what stands between the last opening tag and its end.
  if (!/^<Settings[\s>]/.test(text) || !text.endsWith('</Settings>') || text.length > 1 << 24) return false;
  if (text.indexOf('<Settings', 1) >= 0 || text.indexOf('</Settings>') !== text.length - 11) return false;
  let fine = true;
  const parser = new SaxesParser();
  parser.on('error', () => {
    fine = false;
  });
  parser.write(text).close();
  return fine;
}
