import { describe, it } from 'vitest'
import {
  createModelStorage,
  createTestRuntime,
  storageConformance,
  withoutAhead,
  withoutJoining,
} from '../src/index.js'

const runs = process.env.TEST_LONG === '1' ? 300 : undefined
const oneObject = 'The model lives in one object and ends with it.'
const skip = {
  ...withoutJoining('The model lies in no database that a host writes to.'),
  'keeps what it answered': oneObject,
  'holds between two that have the books open': oneObject,
}

describe('the model storage', () => {
  storageConformance({
    describe,
    it,
    runs,
    async createStorage() {
      const storage = createModelStorage()
      return { storage, close: () => storage.close() }
    },
    skip: { ...skip, ...withoutAhead('Without an overlap one unit of work ends before the next one starts.') },
  })
})

describe('the model storage with units of work that overlap', () => {
  let seed = 0
  storageConformance({
    describe,
    it,
    runs,
    async createStorage() {
      seed += 1
      const storage = createModelStorage({ runtime: createTestRuntime({ seed }), overlap: {} })
      return { storage, close: () => storage.close() }
    },
    skip,
  })
})
