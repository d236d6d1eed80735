import type { Zone } from '../model/candidate.ts';
import { type DocumentModel, textBlocksOf } from '../model/document.ts';
import { type Fact, findFacts } from './facts.ts';
import { outline, type Section } from './outline.ts';
import { type Passage, passageOf, sentencesOf } from './passages.ts';

/** A sentence of the running text and where it stands. */
export interface Sentence extends Passage {
  readonly zone: Zone;
  readonly section: Section;
}

/** A document with its parts told apart. */
export interface Segmented {
  readonly document: DocumentModel;
  readonly sections: readonly Section[];
  readonly facts: readonly Fact[];
  readonly sentences: readonly Sentence[];
  /** Those of the employer's advert and of the board's header. */
  readonly running: readonly Sentence[];
}

/**
 * Tells a document's sections, labelled values and sentences apart.
 *
 * @param until where the advert ends and another begins, as an offset into the text: what follows is no part of it.
 */
export function segment(document: DocumentModel, until = Number.POSITIVE_INFINITY): Segmented {
  const sections = outline(document, until);
  const sentences = sections.flatMap((section) =>
    [...(section.heading === null ? [] : [section.heading]), ...section.blocks].flatMap((block) =>
      textBlocksOf(block).flatMap((text) =>
        sentencesOf(passageOf(text)).map(
          ({ text: words, start }): Sentence => ({ text: words, start, zone: section.zone, section }),
        ),
      ),
    ),
  );
  const running = sentences.filter(({ zone }) => zone === 'advert' || zone === 'board');
  return { document, sections, facts: findFacts(document, sections), sentences, running };
}
