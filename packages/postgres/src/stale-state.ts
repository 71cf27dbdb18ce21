/** The SQLSTATE of a change set whose assumptions do not hold any more, in a class that PostgreSQL leaves to others. */
export const STALE = 'LG001'
