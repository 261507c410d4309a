// How the workspace is built, served while developing, and unit-tested.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { packed } from './build/packed.ts';
import { worker } from './build/worker.ts';

const server = process.env.OPORA_API ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [svelte(), worker(), packed()],
  build: { target: 'es2022', outDir: 'dist', emptyOutDir: true, reportCompressedSize: true },
  server: { proxy: { '/api': { target: server, ws: true } } },
  preview: { proxy: { '/api': { target: server, ws: true } } },
  resolve: process.env.VITEST ? { conditions: ['browser'] } : {},
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'] },
});
