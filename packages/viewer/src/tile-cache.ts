export { LoadCache as TileCache } from '@micrarium/formats';
