import { libraryBuild } from '../../tsup.base.js'

export default libraryBuild({ platform: 'node', entry: ['src/index.ts', 'src/bin.ts'], splitting: true })
