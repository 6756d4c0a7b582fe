/** What needs Node: files on disk. Everything else of the package runs in browsers too. */
export * from './bytes/node-file.ts';
export * from './bytes/node-sink.ts';
export { inflateByZlib } from './images/inflate-node.ts';
export { useBloscWorkers } from './images/ome-zarr/blosc-workers-node.ts';
export { useNodeZarrCodecs } from './images/ome-zarr/zstd-node.ts';
