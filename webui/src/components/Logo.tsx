export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden className="flex-none">
      <path d="M16 2.5 27.7 9.2v13.6L16 29.5 4.3 22.8V9.2z" fill="var(--c-accent)" />
      <circle cx="16" cy="16" r="4.2" fill="var(--c-on-accent)" />
      <path d="M16 11.8V7m3.6 11.1 4.2 2.4m-11.4-2.4-4.2 2.4" stroke="var(--c-on-accent)" strokeWidth="2" strokeLinecap="round" />
    </svg>
  )
}
