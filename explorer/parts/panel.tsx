import type { ComponentChildren } from 'preact';

/** A box with a heading, beside the main matter. */
export function Panel({ title, children, note }: { title: string; note?: string; children: ComponentChildren }) {
  return (
    <section class="panel">
      <h2>
        {title}
        {note && <span class="muted small"> {note}</span>}
      </h2>
      {children}
    </section>
  );
}
