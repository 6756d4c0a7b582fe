/** The frames of rows, each once. */
export interface FrameIndex {
  /** Frames in use, ascending. */
  frames: number[];
  /** Per row: place of its frame in `frames`. */
  placeOf: Uint32Array;
}

/** Finds the frames in use, so that what is kept for each frame can lie in plain arrays. Linear where frame numbers lie close. */
export function indexFrames(frame: ArrayLike<number>): FrameIndex {
  const count = frame.length;
  let [low, high] = [Infinity, -Infinity];
  for (let row = 0; row < count; row++) {
    const at = frame[row]!;
    if (at < low) low = at;
    if (at > high) high = at;
  }
  const placeOf = new Uint32Array(count);
  // Frame numbers far apart would make the table larger than the rows.
  if (!(frame instanceof Int32Array) || high - low > 4 * count + 1024) return indexScattered(frame, placeOf);
  const table = new Uint32Array(count === 0 ? 0 : high - low + 1);
  for (let row = 0; row < count; row++) table[frame[row]! - low] = 1;
  const frames: number[] = [];
  for (let at = 0; at < table.length; at++)
    if (table[at] === 1) {
      table[at] = frames.length;
      frames.push(low + at);
    }
  for (let row = 0; row < count; row++) placeOf[row] = table[frame[row]! - low]!;
  return { frames, placeOf };
}

function indexScattered(frame: ArrayLike<number>, placeOf: Uint32Array): FrameIndex {
  const frames = [...new Set(Array.from(frame))].sort((a, b) => a - b);
  const places = new Map(frames.map((at, place) => [at, place]));
  for (let row = 0; row < frame.length; row++) placeOf[row] = places.get(frame[row]!)!;
  return { frames, placeOf };
}
