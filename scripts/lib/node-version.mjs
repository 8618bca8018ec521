// Runs before anything is installed: plain Node, no dependencies, syntax any Node since 14 reads.
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(
    `Concord needs Node 20.19 or newer; this is ${process.versions.node}. Install a newer one from nodejs.org and try again.`,
  );
  process.exit(1);
}
