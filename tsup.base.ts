import { defineConfig, type Options } from 'tsup'

/** How every published package is built: one ES module, its type declarations, and maps that carry their sources. */
export const libraryBuild = (options: Options = {}) =>
  defineConfig({
    entry: ['src/index.ts'],
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    splitting: false,
    sourcemap: true,
    clean: true,
    // Other packages of the workspace are seen through their built declarations, as they are after installation.
    dts: { compilerOptions: { customConditions: [] } },
    ...options,
  })
