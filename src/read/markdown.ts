import MarkdownIt from 'markdown-it';
import type { BlockDraft, Reading } from '../model/document.ts';
import { repairText } from '../normalise/unicode.ts';
import { decodeText } from './encoding.ts';
import { readConverted } from './html/index.ts';

const MARKDOWN = new MarkdownIt({ html: true });

/** Reads a Markdown file (CommonMark with GitHub's tables). Front matter is read as the labelled lines that it is. */
export function readMarkdown(bytes: Uint8Array): Reading {
  const { text, encoding } = decodeText(bytes);
  const { front, body } = splitFrontMatter(repairText(text));
  const blocks = readConverted(MARKDOWN.render(withoutPandoc(body)));
  return { format: 'markdown', blocks: [...front, ...blocks], pages: null, encoding };
}

/** What pandoc writes beside CommonMark: attributes of headings and pictures, and raised letters ("5^th^"). */
const withoutPandoc = (text: string) =>
  text
    .replace(/[ \t]?\{(?:[#.][\w-]{1,80}|[a-z]{1,20}="[^"{}\n]{0,80}")(?:\s[^{}\n]{0,200})?\}/g, '')
    .replace(/(\d)\^(st|nd|rd|th)\^/g, '$1$2');

/** Front matter longer than this is none. Lines. */
const MAX_FRONT = 60;

/** "---" lines around "key: value" lines at the very start. */
function splitFrontMatter(text: string): { front: BlockDraft[]; body: string } {
  if (!/^---[ \t]*\n/.test(text)) return { front: [], body: text };
  const lines = text.split('\n', MAX_FRONT);
  const end = lines.findIndex((line, index) => index > 0 && /^(?:---|\.\.\.)[ \t]*$/.test(line));
  const own = lines.slice(1, end);
  if (end < 2 || !own.every((line) => /^(?:[\w-]{1,40}:|\s|#|-\s|$)/.test(line))) return { front: [], body: text };
  const front = own.flatMap((line): BlockDraft[] => {
    const [, key = '', value = ''] = /^([\w-]{1,40}):(.*)$/.exec(line) ?? [];
    const words = value
      .trim()
      .replace(/^(["'])(.*)\1$/, '$2')
      .trim();
    return words === '' ? [] : [{ kind: 'paragraph', text: `${key.replace(/[_-]/g, ' ')}: ${words}`, furniture: true }];
  });
  return {
    front,
    body: text
      .split('\n')
      .slice(end + 1)
      .join('\n'),
  };
}
