import { describe, it } from 'vitest'
import { createModelStorage, storageConformance } from '../src/index.js'

const runs = process.env.TEST_LONG === '1' ? 300 : undefined
const oneObject = 'The model lives in one object and ends with it.'

describe('the model storage', () => {
  storageConformance({
    describe,
    it,
    runs,
    async createStorage() {
      const storage = createModelStorage()
      return { storage, close: () => storage.close() }
    },
    skip: {
      'keeps what it answered': oneObject,
      'holds between two that have the books open': oneObject,
    },
  })
})
