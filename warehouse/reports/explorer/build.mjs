// Bundles what comes from npm: the SQL engine and the writer of workbooks. `npm run build` fills dist/.
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';

const find = createRequire(import.meta.url);
const engine = path.dirname(find.resolve('@duckdb/duckdb-wasm/dist/duckdb-eh.wasm'));

await rm('dist', { recursive: true, force: true });
await mkdir('dist');
await build({
  entryPoints: ['src/sql.js', 'src/xlsx.js'],
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  minify: true,
  legalComments: 'linked',
});
for (const name of ['duckdb-eh.wasm', 'duckdb-browser-eh.worker.js']) {
  await copyFile(path.join(engine, name), path.join('dist', name));
}
