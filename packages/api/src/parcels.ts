/** Files of at most so many bytes go many in one request (`putDraftFiles`): what a request costs is more than their bytes do. */
const smallBytes = 256 * 2 ** 10;
/** Most bytes and files of one request; the server takes four times as much. */
const mostBytes = 4 * 2 ** 20;
const mostFiles = 250;

/**
 * A parcel of small files to be filled.
 * @returns asked of one file after the other: does it go in with those that went in before?
 */
export function parcel(): (file: { size: number }) => boolean {
  let bytes = 0;
  let files = 0;
  return ({ size }) => {
    if (size > smallBytes || files === mostFiles || bytes + size > mostBytes) return false;
    bytes += size;
    files++;
    return true;
  };
}

/** Small files in parcels, each to be sent in one request, and the others. A parcel holds at least two. */
export function parcelsOf<File extends { size: number }>(files: readonly File[]): { parcels: File[][]; alone: File[] } {
  const parcels: File[][] = [];
  const alone: File[] = [];
  let goesIn = parcel();
  let open: File[] = [];
  const close = () => {
    if (open.length > 1) parcels.push(open);
    else alone.push(...open);
    goesIn = parcel();
    open = [];
  };
  for (const file of files) {
    if (file.size > smallBytes) {
      alone.push(file);
      continue;
    }
    if (!goesIn(file)) {
      close();
      goesIn(file);
    }
    open.push(file);
  }
  close();
  return { parcels, alone };
}
