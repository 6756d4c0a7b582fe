/** A file that stays where it is: `key` says which bytes at which address, and is that of their check. */
export interface ReferenceColumns {
  path: string;
  url: string;
  size: number;
  sha256: string;
  sha512: string | null;
  md5: string | null;
  media_type: string;
  key: string;
}
