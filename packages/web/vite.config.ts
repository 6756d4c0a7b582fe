import react from '@vitejs/plugin-react';
import { type Plugin, defineConfig } from 'vite';
import { slimContract } from './build/slim-contract.ts';
import { sourceHash } from './build/stamp.ts';

/** Leaves a note in `dist/` of which sources the bundle was made, so that a server knows whether to build again. */
function buildStamp(): Plugin {
  return {
    name: 'micrarium-build-stamp',
    apply: 'build',
    generateBundle() {
      const source = JSON.stringify({ sources: sourceHash() });
      this.emitFile({ type: 'asset', fileName: 'build-stamp.json', source });
    },
  };
}

export default defineConfig({
  plugins: [slimContract(), react(), buildStamp()],
  build: {
    target: 'es2023',
    outDir: 'dist',
    emptyOutDir: true,
    chunkSizeWarningLimit: 5000,
    reportCompressedSize: false,
  },
  worker: { format: 'es', plugins: () => [slimContract()] },
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/studies': 'http://127.0.0.1:8080' } },
});
