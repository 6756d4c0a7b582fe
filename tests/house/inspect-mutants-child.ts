import {
  type InspectReport,
  PixelsUnreadable,
  fileTree,
  findItems,
  inspectItem,
  memorySource,
} from '@micrarium/formats';

/** A few files that lie together, in memory. */
export interface MutantFiles {
  files: Record<string, Uint8Array>;
}

/** What the child says of them. */
export interface MutantVerdict {
  reports: Pick<InspectReport, 'path' | 'format' | 'issues'>[];
  /** Faults of ours: anything thrown that is not a value. */
  faults: string[];
  /** Time it took, without what others on a busy machine took of it: the smaller of clock and processor time. */
  milliseconds: number;
  /** Most memory the process ever had, in MB. */
  peakMegabytes: number;
}

const mostPixels = 2 ** 22;

/** Inspects what the parent sends, one after the other; a hang or a crash of this process is what the parent looks for. */
process.on('message', (message) => {
  void answer(message as MutantFiles).then((verdict) => process.send!(verdict));
});

async function answer({ files }: MutantFiles): Promise<MutantVerdict> {
  const started = performance.now();
  const before = process.cpuUsage();
  const faults: string[] = [];
  const reports: MutantVerdict['reports'] = [];
  try {
    const tree = fileTree(
      '',
      Object.entries(files).map(([path, bytes]) => ({
        path,
        size: bytes.length,
        open: async () => memorySource(path, bytes),
      })),
    );
    for (const item of await findItems(tree)) {
      const { path, format, issues } = await inspectItem(item);
      reports.push({ path, format, issues });
      if (item.descriptor?.images) await readFirstPlane(item, faults);
    }
  } catch (error) {
    faults.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  const peakMegabytes = process.resourceUsage().maxRSS / 1024;
  const { user, system } = process.cpuUsage(before);
  const milliseconds = Math.min(performance.now() - started, (user + system) / 1000);
  return { reports, faults, milliseconds, peakMegabytes };
}

/** Damaged pixels may be refused, but only in the way the contract names. */
async function readFirstPlane(item: Awaited<ReturnType<typeof findItems>>[number], faults: string[]): Promise<void> {
  try {
    const reader = await item.descriptor!.images!.reader();
    for (const image of (await reader.open(item)).images.slice(0, 2)) {
      const { x, y } = image.description.sizes;
      if (x * y > mostPixels) continue;
      await image.readRegion({ t: 0, c: 0, z: 0 });
    }
  } catch (error) {
    if (!(error instanceof PixelsUnreadable)) faults.push(error instanceof Error ? (error.stack ?? '') : String(error));
  }
}
