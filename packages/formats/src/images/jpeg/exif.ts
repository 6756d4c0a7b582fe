const orientationTag = 274;

/**
 * Orientation that Exif metadata state: they are a TIFF directory within the picture file.
 * @param bytes from the byte order of that directory on (behind `Exif` and two zeros in a JPEG)
 * @returns 1 to 8 by Exif; `undefined` where none is stated or the directory is damaged
 */
export function exifOrientation(bytes: Uint8Array): number | undefined {
  if (bytes.length < 14) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const little = bytes[0] === 0x49 && bytes[1] === 0x49;
  if (!little && !(bytes[0] === 0x4d && bytes[1] === 0x4d)) return undefined;
  const at = view.getUint32(4, little);
  if (view.getUint16(2, little) !== 42 || at + 2 > bytes.length) return undefined;
  const count = view.getUint16(at, little);
  for (let entry = at + 2; entry < at + 2 + 12 * count && entry + 12 <= bytes.length; entry += 12) {
    if (view.getUint16(entry, little) !== orientationTag || view.getUint16(entry + 2, little) !== 3) continue;
    const value = view.getUint16(entry + 8, little);
    return value >= 1 && value <= 8 ? value : undefined;
  }
  return undefined;
}

/** The same of an application segment (APP1) of a JPEG, whatever it holds. */
export function segmentOrientation(body: Uint8Array): number | undefined {
  const isExif = [0x45, 0x78, 0x69, 0x66, 0, 0].every((byte, n) => body[n] === byte);
  return isExif ? exifOrientation(body.subarray(6)) : undefined;
}
