import type { Contender, ContenderKind, Entrant } from './contender.js'
import { postgres } from './postgres/index.js'
import { sqlite } from './sqlite/index.js'

/** A database that the ledger can be measured on. */
export interface MeasurableStorage {
  /** Makes ready what all races of a run need: the server, where there is one. */
  openCourse(): Promise<Course>
  readonly contenders: Readonly<Record<ContenderKind, (entrant: Entrant) => Contender>>
}

/** Where the races of a run take place. */
export interface Course {
  openRace(): Promise<RacePlace>
  close(): Promise<void>
}

/** Where one race takes place. */
export interface RacePlace {
  /** Where a contender has its database, as its process is told. */
  placeOf(kind: ContenderKind): string
  /** Removes all that the contenders left. */
  close(): Promise<void>
}

export const storages: Readonly<Record<string, MeasurableStorage>> = { sqlite, postgres }

export function storageNamed(name: string): MeasurableStorage {
  const found = Object.hasOwn(storages, name) ? storages[name] : undefined
  if (found) return found
  throw new Error(`There is no storage ${name}; there are ${Object.keys(storages).join(' and ')}.`)
}
