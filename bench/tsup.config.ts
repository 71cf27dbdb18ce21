import { defineConfig } from 'tsup'

/** Built rather than transpiled on the fly, so that what is measured runs as users run it. */
export default defineConfig({
  entry: ['src/main.ts'],
  format: 'esm',
  target: 'node20',
  platform: 'node',
  sourcemap: true,
  clean: true,
})
