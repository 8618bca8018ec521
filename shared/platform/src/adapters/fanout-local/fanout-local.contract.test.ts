import { describeFanoutContract('one process', 1, async () => {
  const fanout = createLocalFanout();
  return { nodes: [fanout], end: () => fanout.close() };
});
