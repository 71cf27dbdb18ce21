import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createSqliteStorage } from '@escrow-ledger/sqlite'
import Database from 'better-sqlite3'
import type { Contender, Entrant } from '../contender.js'
import { createMeasuredLedger, type MeasuredStorage } from '../measured-ledger.js'
import type { MeasurableStorage, RacePlace } from '../storages.js'
import { sizeOf } from './database.js'
import { createByHand, createFloor } from './repeated-statements.js'

/** A file for each contender, in a temporary folder of the race's own. */
export const sqlite: MeasurableStorage = {
  openCourse: async () => ({ openRace: async () => openFolder(), close: async () => {} }),
  contenders: { ledger: createLedgerOnSqlite, floor: createFloor, 'by hand': createByHand },
}

function openFolder(): RacePlace {
  const folder = mkdtempSync(path.join(tmpdir(), 'escrow-ledger-bench-'))
  return {
    placeOf(kind) {
      const own = path.join(folder, kind.replaceAll(' ', '-'))
      mkdirSync(own, { recursive: true })
      return own
    },
    close: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

function createLedgerOnSqlite({ workload, place }: Entrant): Contender {
  return createMeasuredLedger(workload, (name) => openFile(path.join(place, `${name}.db`)))
}

function openFile(filename: string): MeasuredStorage {
  return {
    storage: createSqliteStorage({ filename }),
    async size() {
      const gauge = new Database(filename, { readonly: true })
      const bytes = sizeOf(gauge)
      gauge.close()
      return bytes
    },
    async remove() {
      for (const suffix of ['', '-wal', '-shm']) rmSync(filename + suffix, { force: true })
    },
  }
}
