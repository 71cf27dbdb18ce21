import { libraryBuild } from '../../tsup.base.js'

export default libraryBuild({
  entry: [
    'src/index.ts',
    'src/express.ts',
    'src/hono.ts',
    'src/auth.ts',
    'src/rate-limits.ts',
    'src/telemetry.ts',
    'src/prometheus.ts',
    'src/config.ts',
  ],
  splitting: true,
})
