import { startBucketServer } from '../packages/server/src/storage/s3/bucket-for-tests.ts';

/*
 * s3rver in a process of its own: told the folder and the name of the bucket, it tells the port to whoever forked it, and ends with it.
 */

const [folder = '', name = ''] = process.argv.slice(2);
const { port } = await startBucketServer(folder, [name]);
process.on('disconnect', () => process.exit(0));
process.send!(port);
