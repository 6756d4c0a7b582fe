import { z } from '@hono/zod-openapi';

/** Where the images of an item stand in a multi-well plate; rows, columns and images count from 0. */
export const plateLayoutSchema = z
  .object({
    name: z.string(),
    rows: z.array(z.string()),
    columns: z.array(z.string()),
    wells: z.array(
      z.object({
        row: z.number().int(),
        column: z.number().int(),
        fields: z.array(
          z.object({ image: z.number().int(), name: z.string(), acquisition: z.number().int().optional() }),
        ),
      }),
    ),
  })
  .openapi('PlateLayout');

const quantity = z.object({ value: z.number(), unit: z.string() });

/** Something said of an image, of what it lies in, or of something in it. */
export const imageAnnotationSchema = z
  .object({
    on: z.enum(['study', 'dataset', 'plate', 'well', 'image', 'region', 'object']),
    /** Id of the region or object. */
    part: z.string().optional(),
    key: z.string(),
    label: z.string(),
    /** Of a term. */
    id: z.string().optional(),
  })
  .openapi('ImageAnnotation');

/** A region drawn in an image. */
export const imageRegionSchema = z
  .object({
    /** As annotations call it. */
    name: z.string(),
    shapes: z.array(
      z.object({
        /** x and y of each point in turn, in pixels of the image (0 = centre of the first pixel). */
        path: z.array(z.number()),
        /** Is the last point joined to the first? */
        isClosed: z.boolean(),
        /** A piece of a mask: what lies inside the path, and outside the holes, belongs to it. */
        isMask: z.literal(true).optional(),
        /** Outlines of the holes in a piece of a mask. */
        holes: z.array(z.array(z.number())).optional(),
        /** Plane it lies on, from 0; left out = on all. */
        t: z.number().int().optional(),
        z: z.number().int().optional(),
        c: z.number().int().optional(),
        text: z.string().optional(),
      }),
    ),
  })
  .openapi('ImageRegion');

/** An image that a search found. */
export const foundImageSchema = z
  .object({
    accession: z.string(),
    version: z.number().int(),
    /** Of the study. */
    title: z.string(),
    item: z.string(),
    image: z.number().int(),
    name: z.string(),
    path: z.string(),
    well: z.string().optional(),
    isViewable: z.boolean(),
    /** Path of a small picture (PNG). */
    thumbnail: z.string().optional(),
    annotations: z.array(imageAnnotationSchema),
  })
  .openapi('FoundImage');

/** An image in the list of a version: what a gallery shows of it. */
export const imageEntrySchema = z
  .object({
    item: z.string(),
    /** Index within the item, from 0. */
    image: z.number().int(),
    name: z.string(),
    /** Path of the file or folder. */
    path: z.string(),
    format: z.string(),
    /** Id of the data set; left out for an image of none. */
    dataset: z.string().optional(),
    sizes: z.object({ t: z.number(), c: z.number(), z: z.number(), y: z.number(), x: z.number() }).catchall(z.number()),
    type: z.string(),
    pixelSize: quantity.optional(),
    timeStep: quantity.optional(),
    /** Bytes of the form the viewer reads; 0 where it reads the deposited files. */
    bytes: z.number().int(),
    /** Row and column of its well, where it is of a plate. */
    well: z.string().optional(),
    /** Track sets confirmed to belong to it. */
    trackSets: z.number().int(),
    /** Can the viewer show it? */
    isViewable: z.boolean(),
    /** What is said of it, in the newest version. */
    annotations: z.array(imageAnnotationSchema).optional(),
    /** Path of a small picture (PNG). */
    thumbnail: z.string().optional(),
    /** Path of a short preview: `frames` pictures below one another in one PNG. */
    preview: z.object({ path: z.string(), frames: z.number().int() }).optional(),
  })
  .openapi('ImageEntry');
