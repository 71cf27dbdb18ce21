/** The rules that the database enforces by itself, whoever writes to it. */
export const rules: readonly string[] = []
