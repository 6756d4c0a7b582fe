/** What needs Node: files on disk. Everything else of the package runs in browsers too. */
export * from './bytes/node-file.ts';
export * from './bytes/node-resumable.ts';
export * from './bytes/node-sink.ts';
export {
  type ConvertedImages,
  ConverterFailed,
  type ConverterOptions,
  convertByBioformats2raw,
  isProgram,
} from './images/converter/bioformats2raw-node.ts';
export { inflateByZlib } from './images/inflate-node.ts';
export { useBloscWorkers } from './images/ome-zarr/blosc-workers-node.ts';
export { useNodeZarrCodecs } from './images/ome-zarr/zstd-node.ts';
