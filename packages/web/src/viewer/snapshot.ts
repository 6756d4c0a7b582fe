import type { ImageDescription } from '@micrarium/model';
import { type FilmStage, scaleBar } from '@micrarium/viewer';
import { shortUnit } from '../messages/units.ts';
import { writtenNumber } from '../messages/written.ts';

/** What is written into a picture of the film. */
export interface PictureLegend {
  /** Where the length of a pixel is taken from. */
  source: { readonly description: Pick<ImageDescription, 'voxelSize'> };
  /** Screen pixels per image pixel; left out = no one length holds for the whole picture, and there is no scale bar. */
  zoom: number | undefined;
  /** Time stamp, where the image has times. */
  stamp: string | undefined;
}

/** Paints what the stage shows, with scale bar and time stamp, into a canvas of the same size. */
export function paintPicture(
  stage: Pick<FilmStage, 'drawnCanvas'>,
  legend: PictureLegend,
  into?: HTMLCanvasElement,
): HTMLCanvasElement {
  const drawn = stage.drawnCanvas();
  const canvas = into ?? document.createElement('canvas');
  if (canvas.width !== drawn.width || canvas.height !== drawn.height) {
    canvas.width = drawn.width;
    canvas.height = drawn.height;
  }
  // No opacity: a film must not have any, and a picture of a film needs none.
  const context = canvas.getContext('2d', { alpha: false })!;
  context.fillStyle = '#000';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(drawn, 0, 0);
  // The screen may have more dots than pixels of the page.
  const ratio = drawn.clientWidth > 0 ? drawn.width / drawn.clientWidth : 1;
  writeLegend(context, canvas, legend, ratio);
  return canvas;
}

function writeLegend(
  context: CanvasRenderingContext2D,
  { width, height }: HTMLCanvasElement,
  { source, zoom, stamp }: PictureLegend,
  ratio: number,
): void {
  const { voxelSize } = source.description;
  const bar =
    zoom === undefined
      ? undefined
      : scaleBar(voxelSize?.x ?? { value: 1, unit: 'pixel' }, zoom, Math.min(160, width / ratio / 3));
  const [margin, size, thick] = [14 * ratio, 13 * ratio, 3 * ratio];
  const base = height - margin;
  context.font = `500 ${size}px Inter, sans-serif`;
  context.textBaseline = 'bottom';
  context.fillStyle = '#fff';
  context.shadowColor = '#000';
  context.shadowBlur = 4 * ratio;
  context.textAlign = 'right';
  const barWidth = bar ? bar.width * ratio : 0;
  if (bar) {
    context.fillRect(width - margin - barWidth, base - thick, barWidth, thick);
    context.fillText(`${writtenNumber(bar.value)} ${shortUnit(bar.unit)}`, width - margin, base - thick - 3 * ratio);
  }
  if (stamp) {
    context.textAlign = 'left';
    context.fillText(stamp, margin, base);
  }
  context.shadowBlur = 0;
}

/** A canvas as a PNG. */
export function pngOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture could not be packed'))), 'image/png');
  });
}
