import { z } from '../../model/schema.ts';

/**
 * The part of mammoth 1.13.0's document model that is read here (`lib/documents.js`). Its `transformDocument` hook is
 * documented as unstable, so the version is pinned and the model is checked where it comes in.
 */
export interface Node {
  readonly type: string;
  readonly children?: readonly Node[] | undefined;
  readonly value?: string | undefined;
  readonly styleName?: string | null | undefined;
  readonly styleId?: string | null | undefined;
  readonly numbering?:
    | { readonly isOrdered?: boolean | undefined; readonly level?: string | number | undefined }
    | null
    | undefined;
  readonly isBold?: boolean | undefined;
  readonly fontSize?: number | null | undefined;
  readonly checked?: boolean | undefined;
  readonly colSpan?: number | undefined;
  readonly rowSpan?: number | undefined;
}

const documentShape = z.object({ type: z.literal('document'), children: z.array(z.object({ type: z.string() })) });

/** Checks that mammoth handed over a document. Throws where it did not: the hook has changed. */
export function checkDocument(value: unknown): Node {
  documentShape.parse(value);
  return value as Node;
}
