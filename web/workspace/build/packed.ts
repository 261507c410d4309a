/** Leaves a packed twin beside every file worth it, as small as can be: the server sends what a browser understands. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const worthIt = /\.(js|css|html|svg|webmanifest)$/;
/** Below this the headers weigh more than what is saved. */
const least = 1_024;

export function packed(): Plugin {
  let folder = '';
  return {
    name: 'opora-packed',
    apply: 'build',
    enforce: 'post',
    configResolved({ root, build }) {
      folder = join(root, build.outDir);
    },
    closeBundle: {
      sequential: true,
      order: 'post',
      async handler() {
        const files = (await readdir(folder, { recursive: true })).filter((file) => worthIt.test(file));
        await Promise.all(files.map((file) => pack(join(folder, file))));
      },
    },
  };
}

async function pack(file: string): Promise<void> {
  const whole = await readFile(file);
  if (whole.length < least) return;
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  const twins = {
    br: await promisify(brotliCompress)(whole, quality),
    gz: await promisify(gzip)(whole, { level: constants.Z_BEST_COMPRESSION }),
  };
  for (const [ending, small] of Object.entries(twins))
    if (small.length < whole.length) await writeFile(`${file}.${ending}`, small);
}
