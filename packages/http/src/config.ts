import { breachesOf } from './config/rules.js'
import { settingsOf } from './config/settings.js'
import { purposeOf, type VariableName, variableNames, variables } from './config/variables.js'

export { type Environment, type VariableName, variableNames } from './config/variables.js'

/** What is wrong with one variable. */
export interface ConfigProblem {
  readonly name: VariableName
  readonly message: string
}

/** Everything that is wrong with the environment at once. Its message shows no value of any variable. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ name, message }) => `  ${name} ${message}. (It is ${purposeOf(name)}.)`)
    const count = problems.length === 1 ? 'is 1 problem' : `are ${problems.length} problems`
    super(`There ${count} with the environment; .env.example shows all variables:\n${lines.join('\n')}`)
    this.name = 'ConfigError'
  }
}

/** Settings as the factories take them; null where something is not used. */
export type Config = ReturnType<typeof settingsOf>

/**
 * Reads the environment, such as `process.env`. A variable that is empty, or blank, counts as one that is not there. Throws
 * `ConfigError` with all problems, so that a process that cannot work does not start.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = givenOf(env)
  const parsed = variables.safeParse(given)
  const malformed = (parsed.error?.issues ?? []).map(({ path: [name], message }) => ({
    name: name as VariableName,
    message,
  }))
  const problems = inOrder([...malformed, ...breachesOf(given)])
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems)
  return settingsOf(parsed.data)
}

function givenOf(env: Readonly<Record<string, string | undefined>>): Partial<Record<VariableName, string>> {
  const filled = variableNames.flatMap((name) => {
    const value = env[name]?.trim() ?? ''
    return value === '' ? [] : [[name, value] as const]
  })
  return Object.fromEntries(filled)
}

/** In the order of the example file, one for each variable: the first says enough. */
function inOrder(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  return variableNames.flatMap((wanted) => problems.find(({ name }) => name === wanted) ?? [])
}
