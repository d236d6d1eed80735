import type { Io, StopSignal } from '../batch/io.ts';

const STOP_SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM'];

/**
 * Listens for the signals to stop: calls `first` on the first, `again` on each after it.
 *
 * @returns the exit status of a run that a signal ended (null while none came), and what ends the listening.
 */
export function listenForStop(
  { signals }: Pick<Io, 'signals'>,
  first: () => void,
  again: () => void,
): { status: () => number | null; end: () => void } {
  let heard: StopSignal | null = null;
  const hear = (signal: StopSignal) => {
    if (heard !== null) return again();
    heard = signal;
    first();
  };
  for (const each of STOP_SIGNALS) signals.on(each, hear);
  return {
    status: () => (heard === null ? null : heard === 'SIGTERM' ? 143 : 130),
    end: () => {
      for (const each of STOP_SIGNALS) signals.off(each, hear);
    },
  };
}
