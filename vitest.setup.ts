import fc from 'fast-check'

/** Every property of a run starts from one seed, which `vitest.config.ts` chooses. */
fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED) })
