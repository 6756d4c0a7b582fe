import { type AviFilm, type ByteSource, packedFrame, unpackFrame } from '@micrarium/formats';

/** Bytes of unpacked frames that are kept at once. */
const keptBytes = 96 << 20;
/** Frames that are fetched before they are wanted. */
const ahead = 3;

interface Kept {
  control: AbortController;
  picture: Promise<ImageBitmap>;
}

/** Draws frames of a film into a canvas: each is fetched by its own range when it is wanted, the next ones before. */
export class FilmScreen {
  readonly film: AviFilm;
  private readonly source: ByteSource;
  private readonly frames = new Map<number, Kept>();
  private readonly most: number;
  private wanted = -1;
  private settled = true;

  constructor(film: AviFilm, source: ByteSource) {
    this.film = film;
    this.source = source;
    this.most = Math.min(24, Math.max(ahead + 2, Math.floor(keptBytes / (film.width * film.height * 4))));
  }

  /** Has the frame that was asked for last been drawn (or failed)? */
  get isSettled(): boolean {
    return this.settled;
  }

  /**
   * Draws a frame, unless another is asked for before it has come.
   * @throws PixelsUnreadable where the frame is damaged; ByteSourceError where it could not be fetched
   */
  async show(index: number, canvas: HTMLCanvasElement): Promise<void> {
    this.wanted = index;
    this.settled = false;
    const last = Math.min(index + ahead, this.film.frames.offsets.length - 1);
    this.forget(index, last);
    try {
      const picture = await this.frame(index);
      if (this.wanted !== index) return;
      const { width, height } = this.film;
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
      canvas.getContext('2d')?.drawImage(picture, 0, 0, width, height);
      for (let next = index + 1; next <= last; next++) void this.frame(next).catch(() => undefined);
    } catch (error) {
      if (this.wanted === index) throw error;
    } finally {
      if (this.wanted === index) this.settled = true;
    }
  }

  /** Gives everything back. */
  close(): void {
    this.wanted = -1;
    this.forget(0, -1, 0);
  }

  private frame(index: number): Promise<ImageBitmap> {
    const known = this.frames.get(index);
    if (known) return known.picture;
    const control = new AbortController();
    const picture = this.unpacked(index, control.signal);
    this.frames.set(index, { control, picture });
    picture.catch(() => this.frames.delete(index));
    return picture;
  }

  private async unpacked(index: number, signal: AbortSignal): Promise<ImageBitmap> {
    const packed = await packedFrame(this.film, this.source, index, signal);
    if (packed.mediaType) {
      const picture = new Blob([new Uint8Array(packed.bytes)], { type: packed.mediaType });
      // What the browser does not unpack we do: it says more of what is wrong.
      const quick = await createImageBitmap(picture).catch(() => undefined);
      if (quick) return quick;
    }
    const { width, height, data } = await unpackFrame(this.film, packed);
    return createImageBitmap(new ImageData(data, width, height));
  }

  /** Lets go of frames that are not between two places, the farthest first, until there is room; none is waited for. */
  private forget(from: number, to: number, most = this.most - ahead - 1): void {
    const others = [...this.frames.keys()]
      .filter((index) => index < from || index > to)
      .sort((a, b) => Math.abs(b - from) - Math.abs(a - from));
    for (const index of others.slice(0, Math.max(0, this.frames.size - most))) {
      const { control, picture } = this.frames.get(index)!;
      this.frames.delete(index);
      control.abort();
      picture.then(
        (bitmap) => bitmap.close(),
        () => undefined,
      );
    }
  }
}
