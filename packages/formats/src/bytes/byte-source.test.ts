import { blobSource, memorySource, sliceSource } from './byte-source.ts';
import { byteSourceSuite, suiteBytes } from './byte-source-suite.ts';

byteSourceSuite('memory', async () => memorySource('suite.bin', suiteBytes));
byteSourceSuite('blob', async () => blobSource('suite.bin', new Blob([new Uint8Array(suiteBytes)])));
byteSourceSuite('slice', async () => {
  const around = new Uint8Array(1200).fill(0xee);
  around.set(suiteBytes, 100);
  return sliceSource('suite.bin', memorySource('around', around), 100, suiteBytes.length);
});
