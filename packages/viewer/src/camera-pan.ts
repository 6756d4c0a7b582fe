/** A camera that turns around a place: of a volume, or of objects in space. */
interface TurningCamera {
  /** The place in the middle of the stage; y runs down and z away from the reader, as in images. */
  x: number;
  y: number;
  z: number;
  /** Screen pixels per unit at that place. */
  zoom: number;
  /** Degrees around the upright axis, and above the plane. */
  turn: number;
  tilt: number;
}

/**
 * The camera after what is seen was pushed aside: the place in the middle moves in the plane of the screen, whichever way
 * one looks.
 * @param right,down screen pixels that one looks further right and down
 */
export function pannedCamera<Camera extends TurningCamera>(camera: Camera, right: number, down: number): Camera {
  const [turn, tilt] = [(camera.turn * Math.PI) / 180, (camera.tilt * Math.PI) / 180];
  const [along, up] = [right / camera.zoom, -down / camera.zoom];
  // Rows of the camera's turn (first about the upright axis, then about the level one), with y and z turned over.
  return {
    ...camera,
    x: camera.x + along * Math.cos(turn) + up * Math.sin(turn) * Math.sin(tilt),
    y: camera.y - up * Math.cos(tilt),
    z: camera.z - along * Math.sin(turn) + up * Math.cos(turn) * Math.sin(tilt),
  };
}
