/** The labelling page, fetched when it is asked for first. */
export const labelPage = async () => ({ default: (await import('./index.tsx')).LabelPage });
