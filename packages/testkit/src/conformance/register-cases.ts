type Register = (name: string, run: () => Promise<void>) => unknown

/** What a suite needs of a test runner (`describe` and `it` of Vitest, Jest, Mocha, Bun or `node:test`), and what is left out. */
export interface CaseOptions {
  readonly describe: (name: string, register: () => void) => unknown
  readonly it: Register & { readonly skip?: Register | undefined }
  /** Why a case is left out, by its name. The reason is printed beside the name. */
  readonly skip?: Readonly<Record<string, string>> | undefined
}

type Groups<Case> = Readonly<Record<string, Readonly<Record<string, Case>>>>

/** Registers cases in their groups. Throws a `RangeError` when one is skipped that is not there, or without a reason. */
export function registerCases<Case>(
  groups: Groups<Case>,
  { describe, it, skip = {} }: CaseOptions,
  run: (each: Case) => Promise<void>,
): void {
  checkSkipped(groups, skip)
  for (const [group, cases] of Object.entries(groups)) {
    // Some runners take a group without cases for a mistake.
    if (Object.keys(cases).length === 0) continue
    describe(group, () => {
      for (const [name, each] of Object.entries(cases)) {
        const reason = Object.hasOwn(skip, name) ? skip[name] : undefined
        if (reason === undefined) it(name, () => run(each))
        else registerSkipped(it, `${name} (skipped: ${reason})`)
      }
    })
  }
}

function checkSkipped(groups: Groups<unknown>, skip: Readonly<Record<string, string>>): void {
  const names = new Set(Object.values(groups).flatMap((cases) => Object.keys(cases)))
  for (const [name, reason] of Object.entries(skip)) {
    if (!names.has(name)) throw new RangeError(`There is no case "${name}" to skip.`)
    if (reason.trim() === '') throw new RangeError(`Say why the case "${name}" is skipped.`)
  }
}

function registerSkipped(it: CaseOptions['it'], title: string): void {
  const nothing = async () => {}
  if (it.skip) it.skip(title, nothing)
  else it(title, nothing)
}
