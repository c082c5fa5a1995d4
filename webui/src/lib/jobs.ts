/** Jobs begun in this window; the drawer opens for them by itself. */
export const startedHere = new Set<string>()
