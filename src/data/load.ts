import { readFileSync } from 'node:fs';

/**
 * Reads one of the data files beside this module. They are read, not imported: Node 20 prints a warning for every
 * imported JSON module.
 */
export function loadData<Shape>(file: `${string}.json`): Shape {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as Shape;
}
