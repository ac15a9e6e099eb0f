export function startReading() {}
