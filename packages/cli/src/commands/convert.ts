import { createHash } from 'node:crypto';
import type { Item, MaskChoices, TrackWriterChoices } from '@micrarium/formats';
import { parseCommand, readMappings } from '../arguments.ts';
import { Conversion } from '../conversion.ts';
import { type Target, existsAt, targetFormat } from '../target.ts';
import { type Terminal, UsageError, exitCode } from '../terminal.ts';

/** `convert IN OUT`: writes the tracks or images of one item in another format. */
export async function convert(args: string[], terminal: Terminal): Promise<number> {
  const { values, paths } = parseCommand(args, {
    to: { type: 'string' },
    force: { type: 'boolean' },
    'accept-loss': { type: 'boolean' },
    json: { type: 'boolean' },
    mapping: { type: 'string' },
    map: { type: 'string' },
    'ome-zarr-version': { type: 'string' },
    'bdml-version': { type: 'string' },
    layout: { type: 'string' },
    objects: { type: 'string' },
    link: { type: 'string' },
    bioformats2raw: { type: 'string' },
    resume: { type: 'boolean' },
  });
  const [input, output] = paths;
  if (input === undefined || output === undefined || paths.length > 2)
    throw new UsageError('convert needs two paths: what to read and what to write');
  const target = targetFormat(typeof values.to === 'string' ? values.to : undefined, output);
  const version = zarrVersion(values['ome-zarr-version'], target);
  const isSeries = target.id === 'ome-zarr' && values.layout === 'bioformats2raw';
  const writing = trackChoices(values['bdml-version'], isSeries ? undefined : values.layout, target);
  const converter = values.bioformats2raw ?? process.env['MICRARIUM_BIOFORMATS2RAW'];
  const masks = maskChoices(values.objects, values.link, target);
  const resume = values.resume === true;
  if (resume && (target.id !== 'ome-zarr' || output === '-'))
    throw new UsageError('--resume goes on with a conversion to OME-Zarr in a folder or a file');
  const { mapping, mappings } = await readMappings(values);
  const conversion = new Conversion(input, output, target, writing, terminal, values.json === true);
  if (output !== '-' && values.force !== true && (await existsAt(output))) return conversion.refuseToReplace();
  const item = await conversion.findItem();
  if (!item) return conversion.answer(exitCode.faulty);
  const prepared = await conversion.prepare(
    item,
    { ...(mapping ? { mapping } : {}), ...(mappings ? { mappings } : {}) },
    {
      ...(version ? { version } : {}),
      ...(isSeries ? { layout: 'bioformats2raw' } : {}),
      ...(typeof converter === 'string' && converter !== '' ? { converter } : {}),
    },
    masks,
  );
  if (!prepared) return conversion.answer(exitCode.faulty);
  try {
    if (prepared.loss.length > 0 && values['accept-loss'] !== true) return await conversion.answer(exitCode.loss);
    return await conversion.write(prepared, values.force === true, resume && identityOf(item, args));
  } finally {
    await prepared.dispose?.();
  }
}

/** What to make of masks; nothing where nobody asked. */
function maskChoices(
  objects: string | boolean | undefined,
  link: string | boolean | undefined,
  target: Target,
): MaskChoices | undefined {
  if (objects === undefined && link === undefined) return undefined;
  if (objects !== 'points' && objects !== 'circles' && objects !== 'outlines')
    throw new UsageError('--objects is points, circles or outlines: what to make of the objects of a mask');
  if (!target.tracks?.writer) throw new UsageError(`${target.name} holds images, not the objects of a mask`);
  if (link === undefined) return { objects };
  const linkDistance = Number(link);
  if (!(linkDistance > 0)) throw new UsageError(`--link "${String(link)}" is no distance above zero`);
  return { objects, linkDistance };
}

function zarrVersion(value: string | boolean | undefined, target: Target): '0.4' | '0.5' | undefined {
  if (value === undefined) return undefined;
  if (target.id !== 'ome-zarr') throw new UsageError(`--ome-zarr-version has no meaning for ${target.name}`);
  if (value !== '0.4' && value !== '0.5')
    throw new UsageError(`--ome-zarr-version is 0.4 or 0.5, not "${String(value)}"`);
  return value;
}

/** What may be said about BDML and BD5 that are written. */
function trackChoices(
  version: string | boolean | undefined,
  layout: string | boolean | undefined,
  target: Target,
): TrackWriterChoices {
  if (version !== undefined && target.id !== 'bdml')
    throw new UsageError(`--bdml-version has no meaning for ${target.name}`);
  if (version !== undefined && version !== '0.18' && version !== '3.0')
    throw new UsageError(`--bdml-version is 0.18 or 3.0, not "${String(version)}"`);
  if (layout !== undefined && target.id === 'ome-zarr')
    throw new UsageError(`--layout of OME-Zarr is bioformats2raw, not "${String(layout)}"`);
  if (layout !== undefined && target.id !== 'bd5') throw new UsageError(`--layout has no meaning for ${target.name}`);
  if (layout !== undefined && layout !== 'full' && layout !== 'published')
    throw new UsageError(`--layout is full or published, not "${String(layout)}"`);
  return { ...(version ? { bdmlVersion: version } : {}), ...(layout ? { bd5Layout: layout } : {}) };
}

/** What the bytes of a conversion depend on: the files with sizes and times, the arguments, and this program. */
function identityOf(item: Item, args: readonly string[]): string {
  const files = item.files.map(({ path, size, modifiedAt }) => [path, size, modifiedAt ?? 0]);
  const given = args.filter((one) => one !== '--resume' && one !== '--json' && one !== '--force');
  return createHash('sha256')
    .update(JSON.stringify([1, process.version, given, files]))
    .digest('hex');
}
