/** RFC 3339 in UTC, whole seconds, as the API writes times. */
export const seconds = (ms: number) => new Date(ms).toISOString().replace(/\.\d+/, '')

/** The last second of a day that somebody picked, where they are; null for none. */
export const endOfDay = (date: string) => (date ? seconds(Date.parse(`${date}T23:59:59`)) : null)
