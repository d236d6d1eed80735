/** What pdf.js sends: of an operator list it goes on to use the arrays, and empties them. */
interface Message {
  readonly chunk?: { readonly fnArray?: readonly unknown[]; readonly argsArray?: readonly unknown[] } | null;
}

type Listener = (event: { readonly data: Message }) => void;

/**
 * One end of a line between the two halves of pdf.js. Its own line copies each message whole, as between threads, though
 * both halves run in this one: a tenth of the time of reading a page. Here what is sent is shared.
 */
class Port {
  readonly #listeners = new Set<Listener>();
  other: Port = this;

  postMessage(message: Message): void {
    const { chunk } = message;
    const data: Message =
      chunk?.fnArray === undefined
        ? message
        : { ...message, chunk: { ...chunk, fnArray: [...chunk.fnArray], argsArray: [...(chunk.argsArray ?? [])] } };
    queueMicrotask(() => {
      for (const listener of this.other.#listeners) listener({ data });
    });
  }

  addEventListener(_: string, listener: Listener, options?: { readonly signal?: AbortSignal }): void {
    this.#listeners.add(listener);
    options?.signal?.addEventListener('abort', () => this.#listeners.delete(listener));
  }

  removeEventListener(_: string, listener: Listener): void {
    this.#listeners.delete(listener);
  }
}

/** pdf.js's halves, as far as they are needed here: it leaves them in the global scope. */
interface Halves {
  readonly pdfjsLib?: { readonly PDFWorker?: new (options: { port: Port }) => { destroy(): void } };
  readonly pdfjsWorker?: { readonly WorkerMessageHandler?: { initializeFromPort(port: Port): void } };
}

/**
 * A worker of pdf.js's on such a line, to be destroyed with its document. Undefined until pdf.js has read a first document
 * in its own way, which loads the other half, and where it leaves its halves elsewhere.
 */
export function workerOnLine(): { destroy(): void } | undefined {
  const { pdfjsLib, pdfjsWorker } = globalThis as Halves;
  if (pdfjsLib?.PDFWorker === undefined || pdfjsWorker?.WorkerMessageHandler === undefined) return undefined;
  const [here, there] = [new Port(), new Port()];
  here.other = there;
  there.other = here;
  pdfjsWorker.WorkerMessageHandler.initializeFromPort(there);
  return new pdfjsLib.PDFWorker({ port: here });
}
