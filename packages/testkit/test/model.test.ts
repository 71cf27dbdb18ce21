import { describe, it } from 'vitest'
import { createModelStorage, storageConformance } from '../src/index.js'

const oneObject = 'The model lives in one object and ends with it.'

describe('the model storage', () => {
  storageConformance({
    describe,
    it,
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
