import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { type Plugin, defineConfig } from 'vite';
import { shellBytesOf, shellLimit } from './build/shell-size.ts';
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

/** Leaves every text of the bundle packed beside itself, so that the server sends it so without packing it each time. */
function packedTexts(): Plugin {
  return {
    name: 'micrarium-packed-texts',
    apply: 'build',
    writeBundle({ dir }) {
      for (const name of readdirSync(join(dir!, 'assets')).filter((one) => /\.(js|css|svg)$/.test(one))) {
        const path = join(dir!, 'assets', name);
        const bytes = readFileSync(path);
        if (bytes.length > 1400) writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

/** Fails the build where the app shell has grown beyond what a visitor should wait for. */
function shellCheck(): Plugin {
  return {
    name: 'micrarium-shell-check',
    apply: 'build',
    writeBundle({ dir }) {
      const bytes = shellBytesOf(dir!);
      if (bytes > shellLimit)
        throw new Error(`The app shell has ${bytes} bytes after gzip; ${shellLimit} are allowed.`);
    },
  };
}

// What is built is for visitors, also where a test or a shell calls its environment something else.
if (process.argv.includes('build')) process.env.NODE_ENV = 'production';

export default defineConfig({
  plugins: [slimContract(), react(), buildStamp(), packedTexts(), shellCheck()],
  build: {
    target: 'es2023',
    outDir: 'dist',
    emptyOutDir: true,
    manifest: true,
    chunkSizeWarningLimit: 5000,
    reportCompressedSize: false,
    // The shortest marks that so many chunks may have: the shell names them all, and what is random in a name does not compress.
    rolldownOptions: {
      output: {
        entryFileNames: 'assets/[name]-[hash:7].js',
        chunkFileNames: 'assets/[name]-[hash:7].js',
        assetFileNames: 'assets/[name]-[hash:7][extname]',
      },
    },
  },
  worker: { format: 'es', plugins: () => [slimContract()] },
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/studies': 'http://127.0.0.1:8080' } },
});
