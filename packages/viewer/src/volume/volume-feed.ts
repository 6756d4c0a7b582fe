import type { PlaneIndex } from '@micrarium/model';
import type { ImageSource } from '../sources.ts';
import { loadVolume, type Volume } from './load-volume.ts';
import type { VolumeChannel } from './voxel-store.ts';

/** Which volume is wanted. */
export interface WantedVolume extends Pick<PlaneIndex, 't' | 'other'> {
  /** Numbers of the channels. */
  channels: readonly number[];
  budgetBytes: number;
  /** Channels the budget is shared by, so that showing a further one changes nothing of the others. */
  channelsInBudget: number;
}

/** What a feed tells. */
export interface VolumeFeedEvents {
  /** What is wanted is there (perhaps at once). */
  onVolume(volume: Volume): void;
  /** Share that has come of what is being read; `undefined` once nothing is. */
  onProgress(share: number | undefined): void;
  /** What is wanted cannot be read. The volume before stays. */
  onError(error: Error): void;
}

/** Reads the volumes a stage wants, one at a time: one that is passed is given up. Channels that were read are kept for a while. */
export class VolumeFeed {
  private readonly image: ImageSource;
  private readonly events: VolumeFeedEvents;
  private readonly longestSide: number;
  private readonly held = new Map<string, { volume: Volume; channel: VolumeChannel }>();
  private wantedKey = '';
  private loading: AbortController | undefined;

  constructor(image: ImageSource, longestSide: number, events: VolumeFeedEvents) {
    this.image = image;
    this.longestSide = longestSide;
    this.events = events;
  }

  /** Is nothing being read? */
  get isSettled(): boolean {
    return this.loading === undefined;
  }

  /** Asks for a volume; the same as before is not asked for again. */
  want(wanted: WantedVolume): void {
    const { t, other, channels, budgetBytes, channelsInBudget } = wanted;
    const key = JSON.stringify(wanted);
    if (key === this.wantedKey) return;
    this.wantedKey = key;
    this.stop();
    const place = JSON.stringify([t, other, budgetBytes, channelsInBudget]);
    const missing = channels.filter((c) => !this.held.has(`${place} ${c}`));
    if (missing.length === 0) return this.tell(place, wanted);
    const stop = new AbortController();
    this.loading = stop;
    this.events.onProgress(0);
    loadVolume(this.image, {
      t,
      ...(other ? { other } : {}),
      channels: missing,
      budgetBytes,
      channelsInBudget,
      longestSide: this.longestSide,
      signal: stop.signal,
      onProgress: (share) => {
        if (this.loading === stop) this.events.onProgress(share);
      },
    }).then(
      (volume) => {
        if (this.loading !== stop) return;
        for (const channel of volume.channels) this.held.set(`${place} ${channel.channel}`, { volume, channel });
        this.settle();
        this.tell(place, wanted);
        this.forget(place, 2 * budgetBytes);
      },
      (error: unknown) => {
        if (this.loading !== stop) return;
        this.settle();
        this.events.onError(error instanceof Error ? error : new Error(String(error)));
      },
    );
  }

  /** Gives up what is being read. */
  stop(): void {
    if (!this.loading) return;
    this.loading.abort();
    this.settle();
  }

  private settle(): void {
    this.loading = undefined;
    this.events.onProgress(undefined);
  }

  /** Hands over a volume of channels that are held, the newest last. */
  private tell(place: string, { channels }: WantedVolume): void {
    const found = channels.map((c) => {
      const key = `${place} ${c}`;
      const one = this.held.get(key)!;
      this.held.delete(key);
      this.held.set(key, one);
      return one;
    });
    if (found[0]) this.events.onVolume({ ...found[0].volume, channels: found.map(({ channel }) => channel) });
  }

  /** Forgets what was used longest ago, but nothing of the place that is shown. */
  private forget(place: string, limitBytes: number): void {
    let bytes = 0;
    for (const { channel } of this.held.values()) bytes += channel.stored.byteLength;
    for (const [key, { channel }] of this.held) {
      if (bytes <= limitBytes) return;
      if (key.startsWith(`${place} `)) continue;
      this.held.delete(key);
      bytes -= channel.stored.byteLength;
    }
  }
}
