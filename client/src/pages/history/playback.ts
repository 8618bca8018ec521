import { createEffect, createSignal, onCleanup } from 'solid-js';

/** Entries a second. */
export const speeds = [2, 10, 50, 250] as const;
export type Speed = (typeof speeds)[number];
const ticksPerSecond = 30;

/** A place in a log that can be moved, and moves by itself while it plays. */
export interface Playback {
  readonly seq: () => number;
  readonly playing: () => boolean;
  readonly speed: () => Speed;
  /** Goes there and stops. */
  readonly goTo: (seq: number) => void;
  /** Plays on; at the end it begins again. */
  readonly toggle: () => void;
  readonly setSpeed: (speed: Speed) => void;
}

export function createPlayback(length: () => number): Playback {
  const [seq, setSeq] = createSignal(length());
  const [playing, setPlaying] = createSignal(false);
  const [speed, setSpeed] = createSignal<Speed>(speeds[1]);
  const within = (n: number) => Math.min(length(), Math.max(0, Math.round(n)));

  createEffect(() => {
    if (!playing()) return;
    const perTick = Math.max(1, speed() / ticksPerSecond);
    const timer = setInterval(() => {
      setSeq((now) => within(now + perTick));
      if (seq() >= length()) setPlaying(false);
    }, 1000 / Math.min(speed(), ticksPerSecond));
    onCleanup(() => clearInterval(timer));
  });

  return {
    seq: () => within(seq()),
    playing,
    speed,
    goTo(to) {
      setPlaying(false);
      setSeq(within(to));
    },
    toggle() {
      if (!playing() && seq() >= length()) setSeq(0);
      setPlaying(!playing());
    },
    setSpeed: (to) => setSpeed(() => to),
  };
}
