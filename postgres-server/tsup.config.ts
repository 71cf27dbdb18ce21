import { libraryBuild } from '../tsup.base.js'

export default libraryBuild({ platform: 'node', target: 'node20' })
