import { type ImageDescription, type Issue, defineIssues } from '@micrarium/model';
import { furtherAxesOf } from '../further-axes.ts';
import { furtherAsChannels } from '../further-as-channels.ts';
import type { ImagePixels, ImageWriter } from '../image-reader.ts';
import { foldedForOme, modulosOf } from '../ome-xml/modulo.ts';
import { omeTypeName } from '../ome-xml/write.ts';
import { planesOf } from './write-blocks.ts';
import { imagejTypes, writeImageJHyperstack } from './write-imagej.ts';
import { writeOmeTiff } from './write-ome.ts';

/** What TIFFs cannot hold. */
export const tiffLossIssue = defineIssues({
  'tiff-type-unsupported': {
    severity: 'error',
    meaning: 'The target has no such pixel type, so the image cannot be written to it.',
    hint: 'Choose OME-Zarr, which has every type.',
  },
  'tiff-axes-lost': {
    severity: 'error',
    meaning:
      'The target has no room for this further axis, so only its first place would be written: an OME-TIFF has one further axis within each of t, c and z.',
    hint: 'Choose OME-Zarr or an ImageJ TIFF, where any number of further axes become channels.',
  },
  'tiff-one-image-only': {
    severity: 'warning',
    meaning: 'The target holds one image; the others are left out.',
    hint: 'Choose OME-TIFF, which holds any number.',
  },
  'tiff-metadata-lost': {
    severity: 'warning',
    meaning: 'The target has no place for some of what is known about the image.',
    hint: 'Choose OME-TIFF or OME-Zarr to keep it.',
  },
  'tiff-pyramid-lost': {
    severity: 'info',
    meaning: 'Only the full size is written; smaller levels can be made again from it.',
  },
});

function commonLosses(
  images: readonly ImagePixels[],
  lostAxes: (description: ImageDescription) => readonly string[],
): Issue[] {
  const issues: Issue[] = [];
  for (const { description, levels } of images) {
    const further = lostAxes(description);
    if (further.length > 0)
      issues.push(tiffLossIssue('tiff-axes-lost', `“${description.name}” has the further axes ${further.join(', ')}.`));
    if (levels.length > 1)
      issues.push(
        tiffLossIssue('tiff-pyramid-lost', `“${description.name}” has ${levels.length} levels; the first is written.`),
      );
  }
  return issues;
}

const typeLoss = ({ name, type, samples = 1 }: ImageDescription, target: string): Issue =>
  tiffLossIssue('tiff-type-unsupported', `${target} has no ${type} with ${samples} samples, as “${name}” has.`);

/** Writes OME-TIFF: any number of images, uncompressed, BigTIFF where needed; further axes run within c, z or t, with an annotation. */
export const omeTiffWriter: ImageWriter = {
  layout: 'file',
  extension: '.ome.tif',
  losses(images) {
    // Each of t, c and z takes one further axis.
    const issues = commonLosses(images, (description) => modulosOf(description).left);
    for (const { description } of images)
      if (!omeTypeName(description.type)) issues.push(typeLoss(description, 'OME-TIFF'));
    if (images.some(({ description }) => description.channels.some(({ window }) => window)))
      issues.push(tiffLossIssue('tiff-metadata-lost', 'OME-TIFF has no place for the display ranges of channels.'));
    return issues;
  },
  async write(images, sink, options = {}) {
    const writer = await sink.create('');
    await writeOmeTiff(
      writer,
      images.map((image) => {
        const folded = foldedForOme(image);
        return { description: folded.description, planes: planesOf(folded, options.signal) };
      }),
    );
    await writer.close();
  },
};

/** Writes the first image as an ImageJ hyperstack; places of further axes become channels. */
export const imagejTiffWriter: ImageWriter = {
  layout: 'file',
  extension: '.tif',
  losses(images) {
    const issues = commonLosses(images, () => []);
    if (images.length > 1)
      issues.push(tiffLossIssue('tiff-one-image-only', `Of ${images.length} images only the first is written.`));
    const description = images[0]?.description;
    if (!description) return issues;
    const { type, samples = 1, channels, sizes } = description;
    if (!imagejTypes.includes(type) || (samples !== 1 && !(samples === 3 && type === 'uint8')))
      issues.push(typeLoss(description, 'ImageJ'));
    const further = furtherAxesOf(description).map(([axis]) => axis);
    const lost = [
      ...(further.length > 0 ? [`the further axes ${further.join(', ')}, whose places become channels`] : []),
      ...(description.acquiredAt ? ['the date of acquisition'] : []),
      ...(description.instrument ? ['the instrument'] : []),
      ...(channels.some((one) => one.excitationNanometers ?? one.emissionNanometers) ? ['wavelengths'] : []),
      ...(channels.some((one) => one.name) && (sizes.t > 1 || sizes.z > 1 || sizes.c === 1) ? ['channel names'] : []),
    ];
    if (lost.length > 0)
      issues.push(tiffLossIssue('tiff-metadata-lost', `An ImageJ TIFF has no place for ${lost.join(', ')}.`));
    return issues;
  },
  async write(images, sink, options = {}) {
    const [first] = images;
    if (!first) throw new TypeError('there is no image to write');
    const image = furtherAsChannels(first);
    const writer = await sink.create('');
    await writeImageJHyperstack(writer, image.description, planesOf(image, options.signal));
    await writer.close();
  },
};
