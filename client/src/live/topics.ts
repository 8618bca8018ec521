/** Counts who wants which topic, so that the socket asks once and gives back when nobody is left. Pure. */
export interface TopicCounts {
  /** True when this is the first wish for the topic. */
  add(topic: string): boolean;
  /** True when that was the last one. */
  remove(topic: string): boolean;
  all(): readonly string[];
}

export function createTopicCounts(): TopicCounts {
  const counts = new Map<string, number>();
  return {
    add(topic) {
      const now = (counts.get(topic) ?? 0) + 1;
      counts.set(topic, now);
      return now === 1;
    },
    remove(topic) {
      const now = (counts.get(topic) ?? 0) - 1;
      if (now > 0) {
        counts.set(topic, now);
        return false;
      }
      return counts.delete(topic);
    },
    all: () => [...counts.keys()],
  };
}
