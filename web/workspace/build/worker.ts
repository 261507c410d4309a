/**
 * Builds the service worker along with the workspace: `/sw.js`, under a name that never changes, knowing by name every
 * file of this build. The version is made of those names and of the page, so another build is another version.
 */
import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';

const entry = 'src/worker/worker.ts';
const name = 'sw.js';
const page = 'index.html';
/** Beside what is built, from the folder `public`. */
const beside = [
  'icon.svg',
  'icon-192.png',
  'icon-badge.png',
  'manifest.webmanifest',
  'manifest.ru.webmanifest',
];

export function worker(): Plugin {
  return {
    name: 'opora-worker',
    apply: 'build',
    enforce: 'post',
    buildStart() {
      this.emitFile({ type: 'chunk', id: entry, fileName: name });
    },
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const chunk = bundle[name];
        const html = bundle[page];
        if (chunk?.type !== 'chunk' || html?.type !== 'asset')
          throw new Error(`${name} or ${page} is missing`);
        if (chunk.imports.length > 0)
          throw new Error(`${name} must stand alone: ${chunk.imports.join(', ')}`);
        const files = Object.keys(bundle).filter(
          (file) => file.startsWith('assets/') && !file.endsWith('.map'),
        );
        const known = [...files, ...beside].sort().map((file) => `/${file}`);
        const version = createHash('sha256')
          .update(known.join('\n'))
          .update(html.source)
          .digest('hex')
          .slice(0, 12);
        chunk.code = chunk.code
          .replaceAll('__OPORA_VERSION__', JSON.stringify(version))
          .replaceAll('__OPORA_FILES__', JSON.stringify(known));
      },
    },
  };
}
