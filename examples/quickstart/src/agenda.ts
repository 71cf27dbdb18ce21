import type { Session } from './sessions-csv.js'

/** Something that happens to a session, and when, in milliseconds. */
export interface Happening {
  readonly at: number
  readonly what: 'paid' | 'completed'
  readonly session: Session
}

/** All that happens to sessions, in order of time, and at one instant in the order of the file. */
export function agendaOf(sessions: readonly Session[]): Happening[] {
  return sessions
    .flatMap((session): Happening[] => [
      { at: session.capturedAt, what: 'paid', session },
      { at: session.completedAt, what: 'completed', session },
    ])
    .sort((a, b) => a.at - b.at)
}

const DAY_MS = 86_400_000
/** Banks take an hour for a refund in the sandbox. */
const LOOK_AFTER_MS = 61 * 60_000

export interface Appointment {
  readonly at: number
  /** Payees are paid; or what became of what was sent is looked at. */
  readonly what: 'payday' | 'look'
}

/** Paydays are a day apart, so that the last is `end`. Only those are kept by which something has fallen due. */
export function createCalendar(end: number) {
  const paydays = new Set<number>([end])
  const looks = new Set<number>()

  function take(from: Set<number>, until: number, what: Appointment['what']): Appointment[] {
    const reached = [...from].filter((at) => at <= until)
    for (const at of reached) from.delete(at)
    return reached.map((at) => ({ at, what }))
  }

  return {
    /** What falls due at an instant is paid on the first payday from then on; after the end it is not paid. */
    dueAt(instant: number): void {
      const before = Math.floor((end - instant) / DAY_MS)
      if (before < 0) return
      const payday = end - before * DAY_MS
      paydays.add(payday)
      looks.add(payday + LOOK_AFTER_MS)
    },
    /** Takes the appointments until an instant, in order of time. */
    until: (instant: number): Appointment[] =>
      [...take(paydays, instant, 'payday'), ...take(looks, instant, 'look')].sort((a, b) => a.at - b.at),
  }
}
