import { type FilmStage, type Vp8Frame, type ViewState, vp8OfWebp, webmFile } from '@micrarium/viewer';
import { paintPicture, type PictureLegend } from './snapshot.ts';

/** This browser cannot pack pictures in the way films need. */
export class FilmUnsupported extends Error {
  override readonly name = 'FilmUnsupported';
}

/** The stage of a film or of a volume. */
export type DrawnStage = Pick<FilmStage, 'show' | 'whenDrawn' | 'drawnCanvas'>;

interface Recording {
  stage: DrawnStage;
  /** What is shown in each frame of the film. */
  views: readonly ViewState[];
  legendOf(view: ViewState): PictureLegend;
  perSecond: number;
  onProgress(done: number): void;
  signal: AbortSignal;
}

/** Quality of the pictures of a film: fine structures stay, at about a tenth of the bytes of PNG. */
const quality = 0.92;

/**
 * Records a film of the stage: every view is shown, waited for until it is drawn, and packed. However slow that is, the film
 * plays at its speed, and no frame is missing or stands twice.
 * @throws FilmUnsupported where the browser does not pack lossy WebP
 */
export async function recordFilm({ stage, views, legendOf, perSecond, onProgress, signal }: Recording): Promise<Blob> {
  const frames: Vp8Frame[] = [];
  let canvas: HTMLCanvasElement | undefined;
  for (const view of views) {
    stage.show(view);
    await stage.whenDrawn(signal);
    canvas = paintPicture(stage, legendOf(view), canvas);
    frames.push(await packed(canvas));
    onProgress(frames.length);
  }
  const { width, height } = canvas!;
  return new Blob(webmFile(frames, { width, height, perSecond }), { type: 'video/webm' });
}

async function packed(canvas: HTMLCanvasElement): Promise<Vp8Frame> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/webp', quality));
  const frame = blob && vp8OfWebp(new Uint8Array(await blob.arrayBuffer()));
  if (!frame) throw new FilmUnsupported('no lossy WebP');
  return frame;
}
