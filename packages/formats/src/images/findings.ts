import { type ImageDescription, type Issue, defineIssues } from '@micrarium/model';

/** What is worth telling a depositor about any image, whatever format it came in. */
export const imageFinding = defineIssues({
  'no-pixel-size': {
    severity: 'warning',
    meaning: 'The file does not say how large a pixel is, so nothing in the image can be measured in micrometers.',
    hint: 'If you know it, write it into the method summary. Where tracks are paired with the film and the pixel size decides, you are asked for it.',
  },
  'no-time-step': {
    severity: 'warning',
    meaning: 'The image has several time points, but the file does not say how far apart they are.',
    hint: 'If you know it, write it into the method summary.',
  },
  'channels-unnamed': {
    severity: 'info',
    meaning: 'The file does not name its channels.',
    hint: 'Write into the method summary what each channel shows, such as the fluorophore or the stained structure.',
  },
  'lossy-primary-data': {
    severity: 'warning',
    meaning: 'The image is stored in a lossy or 8-bit picture format, which is not fit for measuring intensities.',
    hint: 'Deposit the original file of the microscope beside it, where it still exists.',
  },
  'rendered-not-data': {
    severity: 'warning',
    meaning:
      'The file is a film made for showing. Its pixels were compressed, scaled and coloured on the way: nothing in it can be measured.',
    hint: 'Keep the film as an illustration, and deposit the images of the microscope it was made of.',
  },
  'needs-converter': {
    severity: 'warning',
    meaning:
      'The format is known by name, and what it says of itself was read as far as possible. Its pixels are read by a converter (bioformats2raw) only, where the site has one.',
    hint: 'The file is kept as it is. Where no converter is set up (MICRARIUM_BIOFORMATS2RAW), export the image as OME-TIFF from the program that made it and deposit that beside the original.',
  },
  'compression-not-read': {
    severity: 'warning',
    meaning:
      'The pixels are compressed in a way we do not decode. The description is complete, the pixels cannot be shown.',
    hint: 'Save the image without compression, or with LZW or deflate, and deposit that file beside the original.',
  },
  'pixel-type-not-read': {
    severity: 'warning',
    meaning: 'The pixels are of a kind we do not decode (complex numbers, mixed bit depths, subsampled colour).',
    hint: 'Save the image with 8, 16 or 32 bits per sample and deposit that file beside the original.',
  },
  'orientation-not-applied': {
    severity: 'info',
    meaning:
      'The file asks programs to turn or mirror its picture when they show it. The pixels are kept and shown as they are stored, so that places in the image stay those of the file.',
    hint: 'Where places were measured in a program that turns the picture, they do not fit these pixels: save the picture turned and deposit that file beside the original.',
    example: 'The picture is to be turned by 90° clockwise when it is shown (orientation 6).',
  },
  'set-member-missing': {
    severity: 'error',
    meaning: 'A file that belongs to this set of files is not there. Its planes are shown as 0.',
    hint: 'Add the missing file under exactly this name, in the same folder.',
  },
});

/** What each orientation asks for (TIFF 6.0 and Exif, tag 274). */
const orientations: Readonly<Record<number, string>> = {
  2: 'mirrored left to right',
  3: 'turned by 180°',
  4: 'mirrored top to bottom',
  5: 'mirrored left to right and turned by 90° counterclockwise',
  6: 'turned by 90° clockwise',
  7: 'mirrored left to right and turned by 90° clockwise',
  8: 'turned by 90° counterclockwise',
};

/** A finding where the file asks that its picture be turned (tag 274 is 2 to 8): we do not turn it. */
export function orientationFindings(orientation: number | undefined, file: string): Issue[] {
  const asked = orientations[orientation ?? 1];
  if (asked === undefined) return [];
  const message = `The picture is to be ${asked} when it is shown (orientation ${orientation}).`;
  return [imageFinding('orientation-not-applied', message, { where: { file } })];
}

/** Findings that follow from the description alone: pixel size, time step and channel names that are missing. */
export function imageFindings(description: ImageDescription, file: string): Issue[] {
  const { name, sizes, voxelSize, timeStep, planeTimes, channels } = description;
  const what = name === '' ? 'The image' : `The image “${name}”`;
  const issues: Issue[] = [];
  // Of an axis of one place, as a scan over x and z has, there is no distance to state.
  const isKnown = (axis: 'x' | 'y'): boolean => voxelSize?.[axis] !== undefined || sizes[axis] === 1;
  if (!(isKnown('x') && isKnown('y') && (voxelSize?.x ?? voxelSize?.y)))
    issues.push(imageFinding('no-pixel-size', `${what} does not say how large a pixel is.`, { where: { file } }));
  if (sizes.t > 1 && !timeStep && !planeTimes)
    issues.push(
      imageFinding('no-time-step', `${what} has ${sizes.t} time points, but no time between them is given.`, {
        where: { file },
      }),
    );
  const unnamed = channels.filter((channel) => channel.name === '').length;
  if (sizes.c > 1 && unnamed > 0)
    issues.push(
      imageFinding('channels-unnamed', `${what} does not name ${unnamed} of its ${sizes.c} channels.`, {
        where: { file },
      }),
    );
  return issues;
}
