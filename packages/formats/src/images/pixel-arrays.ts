import type { PixelBlock, PixelType } from '@micrarium/model';

/** Typed array of a pixel type. Half floats and complex numbers have none. */
export type PixelArray = PixelBlock['data'];

/** Bytes of one value, as it lies in memory. */
export function bytesPerValue(type: PixelType): number {
  switch (type) {
    case 'bool':
    case 'uint8':
    case 'int8':
      return 1;
    case 'uint16':
    case 'int16':
    case 'float16':
      return 2;
    case 'uint32':
    case 'int32':
    case 'float32':
      return 4;
    case 'uint64':
    case 'int64':
    case 'float64':
    case 'complex64':
      return 8;
    case 'complex128':
      return 16;
  }
}

const constructors = {
  bool: Uint8Array,
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  uint64: BigUint64Array,
  int64: BigInt64Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

function constructorOf(type: PixelType): (typeof constructors)[keyof typeof constructors] {
  if (type === 'float16' || type === 'complex64' || type === 'complex128')
    throw new TypeError(`there is no typed array for ${type}`);
  return constructors[type];
}

/** A zeroed array of `count` values. */
export function pixelArray(type: PixelType, count: number): PixelArray {
  return new (constructorOf(type))(count);
}

/** Bytes in the machine's order seen as values; copied only where they are not aligned. */
export function asPixels(bytes: Uint8Array, type: PixelType): PixelArray {
  const size = bytesPerValue(type);
  const { buffer, byteOffset, length } = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  return new (constructorOf(type))(buffer as ArrayBuffer, byteOffset, Math.floor(length / size));
}

/** The bytes behind values, without a copy. */
export function asBytes(values: PixelArray): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
