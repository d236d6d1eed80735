import { readdirSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './support.ts';

/** Lowest first: a file imports from its own layer or a lower one, types included. */
const LAYERS = [
  'model',
  'data',
  'normalise',
  'read',
  'segment',
  'choose.ts',
  'fields',
  'vacancy.ts',
  'parse.ts',
  'report',
  'check',
  'batch',
  'index.ts',
  'queue',
  'cli',
];

const src = `${ROOT}src`;
const files = (readdirSync(src, { recursive: true }) as string[]).filter((file) => file.endsWith('.ts'));
const layerOf = (file: string) => LAYERS.findIndex((layer) => file === layer || file.startsWith(`${layer}/`));

test('every file belongs to a layer', () => {
  expect(files.filter((file) => layerOf(file) < 0)).toEqual([]);
});

test('imports go down the layers, never up', () => {
  const wrong = files.flatMap((file) =>
    [...readFileSync(`${src}/${file}`, 'utf8').matchAll(/(?:from|import\(?)\s*'(\.[^']+)'/g)]
      .map((match) => relative(src, resolve(dirname(`${src}/${file}`), match[1] ?? '')))
      .filter((target) => layerOf(target) > layerOf(file))
      .map((target) => `${file} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});

test('the libraries for PDF and Word are named in their readers alone', () => {
  const named = files.filter((file) =>
    /import\((?:\s*)'(?:pdf-parse|mammoth|yauzl)'\)|from '(?:pdf-parse|mammoth|yauzl)/.test(
      readFileSync(`${src}/${file}`, 'utf8'),
    ),
  );
  expect(named.filter((file) => !/^read\/(?:pdf|docx)\//.test(file))).toEqual([]);
  expect(
    files.filter((file) => /from '(?:pdf-parse|mammoth|yauzl)/.test(readFileSync(`${src}/${file}`, 'utf8'))),
  ).toEqual([]);
});
