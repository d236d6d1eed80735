/** The most inputs that are begun and not yet written, and the most characters of their outcomes. */
const WINDOW = { inputs: 1024, characters: 2 ** 25 };

export interface InOrder<Input, Outcome> {
  readonly input: Input;
  readonly outcome: Outcome;
}

/**
 * Converts inputs side by side and hands over their outcomes in the inputs' order, while the inputs are still being
 * found. Whoever takes slowly slows the finding down: no more than a window's worth is held.
 *
 * @param convert begins an input at once; `size` tells how much its outcome holds.
 */
export async function* inOrder<Input, Outcome>(
  inputs: AsyncIterable<Input>,
  convert: (input: Input) => Promise<Outcome>,
  size: (outcome: Outcome) => number,
): AsyncGenerator<InOrder<Input, Outcome>> {
  const begun: { input: Input; outcome: Promise<Outcome> }[] = [];
  let held = 0;
  let isDone = false;
  let failure: { cause: unknown } | null = null;
  let wake = () => {};
  let makeRoom = () => {};
  let isAbandoned = false;

  const feed = async () => {
    for await (const input of inputs) {
      while (!isAbandoned && (begun.length >= WINDOW.inputs || held >= WINDOW.characters))
        await new Promise<void>((resolve) => {
          makeRoom = resolve;
        });
      if (isAbandoned) return;
      const outcome = convert(input).then((result) => {
        held += size(result);
        return result;
      });
      outcome.catch(() => {}); // whoever awaits it hears of it
      begun.push({ input, outcome });
      wake();
    }
  };
  const feeding = feed()
    .catch((cause: unknown) => {
      failure = { cause };
    })
    .finally(() => {
      isDone = true;
      wake();
    });

  try {
    for (;;) {
      const head = begun[0];
      if (head === undefined) {
        if (isDone) break;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      const outcome = await head.outcome;
      begun.shift();
      held -= size(outcome);
      makeRoom();
      yield { input: head.input, outcome };
    }
    await feeding;
    if (failure !== null) throw (failure as { cause: unknown }).cause;
  } finally {
    isAbandoned = true;
    makeRoom();
  }
}

/** The same, until a signal ends it: what is still to come is not waited for. */
export async function* until<Item>(items: AsyncIterable<Item>, signal: AbortSignal): AsyncGenerator<Item> {
  const iterator = items[Symbol.asyncIterator]();
  const done = { done: true, value: undefined } as const;
  let end = () => {};
  signal.addEventListener('abort', () => end());
  while (!signal.aborted) {
    const next = await new Promise<IteratorResult<Item>>((resolve, reject) => {
      end = () => resolve(done);
      iterator.next().then(resolve, reject);
    });
    if (next.done) return;
    yield next.value;
  }
}

/** The first items, and then all of them: `first` holds no more than `count`. */
export async function peek<Item>(
  items: AsyncIterable<Item>,
  count: number,
): Promise<{ first: readonly Item[]; all: AsyncGenerator<Item> }> {
  const iterator = items[Symbol.asyncIterator]();
  const first: Item[] = [];
  while (first.length < count) {
    const next = await iterator.next();
    if (next.done) break;
    first.push(next.value);
  }
  async function* all() {
    yield* first;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  }
  return { first, all: all() };
}
