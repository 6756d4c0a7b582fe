/** Files up to this size are read and digested by a thread in one go, many with one request. */
export const smallFileBytes = 2 ** 18;

/** Says which bytes on the disk a name leads to, where other names lead to them too. */
export function linkOf({ nlink, dev, ino }: { nlink: number; dev: number; ino: number }): { link?: string } {
  return nlink > 1 ? { link: `${dev}:${ino}` } : {};
}
