/** Two rings that meet: the mark of Concord. */
export function Logo(props: { size?: number }) {
  return (
    <svg width={props.size ?? 26} height={props.size ?? 26} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <g fill="none" stroke="var(--on-accent)" stroke-width="2.6">
        <circle cx="12.8" cy="16" r="6.2" />
        <circle cx="19.2" cy="16" r="6.2" />
      </g>
    </svg>
  );
}
