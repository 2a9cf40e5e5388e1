/**
 * The widget's style: light and dark, either direction of writing, from 20rem up.
 *
 * --ctl-… is for the page to set. --_… is private: were it named like a variable of the page's own
 * (say --paper), then --ctl-paper: var(--paper) would refer to itself, and mean nothing.
 */
export const CSS = `
:host {
  --_ink: var(--ctl-ink, #1d1a16);
  --_muted: var(--ctl-muted, #6b645a);
  --_line: var(--ctl-line, #e2dcd2);
  --_tile: var(--ctl-tile, #f3efe8);
  --_paper: var(--ctl-paper, #fff);
  --_radius: var(--ctl-radius, 3px);
  --_display: var(--ctl-display, "Iowan Old Style", "Palatino Linotype", Palatino, P052, Georgia, serif);
  display: block; color: var(--_ink); text-align: start;
  font: 400 .9375rem/1.5 var(--ctl-font, "Avenir Next", "Segoe UI", "Nimbus Sans", system-ui, sans-serif);
}
@supports (color: light-dark(red, red)) {
  :host {
    --_ink: var(--ctl-ink, light-dark(#1d1a16, #f1ece3));
    --_muted: var(--ctl-muted, light-dark(#6b645a, #aaa294));
    --_line: var(--ctl-line, light-dark(#e2dcd2, #3b372f));
    --_tile: var(--ctl-tile, light-dark(#f3efe8, #2b2822));
    --_paper: var(--ctl-paper, light-dark(#fff, #1b1915));
  }
}
:host([hidden]), [hidden] { display: none !important; }
*, ::before, ::after { box-sizing: border-box; margin: 0; }
section { container-type: inline-size; }

header {
  display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1.5rem;
  padding-block: 1.5rem 1.25rem; border-block-start: 1px solid var(--_line);
}
h2 { font: 400 clamp(1.5rem, 1.2rem + 1.2vw, 2rem)/1.2 var(--_display); letter-spacing: -.01em; }
.status { min-block-size: 1.4em; color: var(--_muted); font: italic 400 1rem/1.4 var(--_display); }
.busy .status::before {
  content: ""; display: inline-block; inline-size: .45em; block-size: .45em; border-radius: 50%;
  margin-inline-end: .6em; vertical-align: .12em; background: currentColor;
  animation: breathe 1.8s ease-in-out infinite;
}
.note { padding-block: 1rem 2rem; }
.note p { color: var(--_muted); font: italic 400 1.0625rem/1.5 var(--_display); }

ul { list-style: none; padding: 0; }
.items {
  display: grid; grid-template-columns: repeat(2, minmax(0, 1fr));
  gap: 1.75rem var(--ctl-gap, clamp(1rem, 2.4vw, 2rem));
}
@container (min-width: 44rem) {
  .items { grid-template-columns: repeat(4, minmax(0, 1fr)); }
}
.item { display: flex; flex-direction: column; min-inline-size: 0; }
.piece { position: relative; flex: 1; }
.tile {
  display: grid; place-items: center; overflow: hidden; aspect-ratio: var(--ctl-ratio, 4 / 5);
  border-radius: var(--_radius); background: var(--_tile); color: var(--_muted);
}
.tile img {
  inline-size: 100%; block-size: 100%; object-fit: var(--ctl-fit, cover);
  transition: transform .7s cubic-bezier(.2, .6, .2, 1);
}
.tile span { font: 400 3rem/1 var(--_display); opacity: .5; }
.piece:hover img { transform: scale(1.025); }
.slot {
  display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 .5rem;
  margin-block-start: .9rem; color: var(--_muted);
  font-size: .6875rem; line-height: 1.25rem; letter-spacing: .12em; text-transform: uppercase;
}
.price {
  color: var(--_ink); font-size: .875rem; letter-spacing: 0; text-transform: none;
  white-space: nowrap; font-variant-numeric: tabular-nums;
}
.words { min-block-size: 7.75rem; }
h3 {
  margin-block: .3rem .45rem; overflow-wrap: anywhere;
  font: 400 1.0625rem/1.3 var(--_display);
}
h3 a { color: inherit; text-decoration: none; }
h3 a::after { content: ""; position: absolute; inset: 0; border-radius: var(--_radius); }
.why {
  color: var(--_muted); font-size: .875rem; line-height: 1.45;
  overflow-wrap: anywhere;
}
.actions, footer, .thumbs, .ask { display: flex; align-items: center; }
.actions { justify-content: space-between; min-block-size: 2.5rem; margin-block-start: .5rem; }

button { padding: 0; border: 0; background: none; color: inherit; font: inherit; cursor: pointer; }
:is(a, button):focus-visible, h3 a:focus-visible::after { outline: 2px solid; outline-offset: 2px; }
h3 a:focus-visible { outline: none; }
.swap, .again {
  display: inline-flex; align-items: center; gap: .45em; min-block-size: 2.5rem;
  font-size: .8125rem;
}
.undo { position: relative; padding: .375rem; margin: -.375rem; color: var(--_ink); }
.undo, .again { text-decoration: underline; text-underline-offset: .25em; }
.thumb, .close {
  display: grid; place-items: center; inline-size: 2.5rem; block-size: 2.5rem; border-radius: 50%;
  transition: background .15s, color .15s;
}
.thumb:hover, .close:hover { background: var(--_tile); }
.thumb[aria-pressed=true] { background: var(--_ink); color: var(--_paper); }
.thumbs { gap: .125rem; margin-inline-end: -.5rem; }
svg {
  inline-size: 1.125rem; block-size: 1.125rem; fill: none; stroke: currentColor;
  stroke-width: 1.4; stroke-linecap: round; stroke-linejoin: round;
}
.down svg { transform: rotate(180deg); }
:is(.piece:hover h3 a, .swap:hover span, .option:hover strong) {
  text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: .2em;
}

footer {
  flex-wrap: wrap; gap: .25rem 2.5rem; margin-block-start: 1.5rem; padding-block: 1rem;
  border-block: 1px solid var(--_line);
}
.sum { display: flex; flex: 1; flex-wrap: wrap; align-items: baseline; gap: 0 .9rem; min-inline-size: 14rem; }
.sum b { font: 400 1.375rem/1.4 var(--_display); font-variant-numeric: tabular-nums; }
.sum span, .ask span { color: var(--_muted); font-size: .875rem; }
.ask { gap: .75rem; }
.aside { min-block-size: 1.5em; margin-block-start: .75rem; color: var(--_muted); font-size: .8125rem; }
@container (max-width: 30rem) {
  h3 { font-size: 1rem; }
  .words { min-block-size: 9.75rem; }
  .thumbs { margin-inline-end: -.25rem; }
  .ask { flex: 1; justify-content: space-between; }
}

dialog {
  position: fixed; inset-block: 0; inset-inline: auto 0; inline-size: min(27rem, 100vw);
  block-size: 100dvh; max-inline-size: none; max-block-size: none; padding: 0 1.5rem 1.5rem;
  border: 0; overflow: auto; overscroll-behavior: contain;
  background: var(--_paper); color: var(--_ink);
}
dialog[open] { animation: appear .28s ease-out; }
dialog::backdrop { background: rgb(20 17 12 / .45); }
.bar {
  position: sticky; inset-block-start: 0; z-index: 1; display: flex; align-items: center;
  justify-content: space-between; gap: 1rem; padding-block: 1.25rem .75rem;
  background: var(--_paper);
}
.bar h2 { font-size: 1.375rem; }
.close { flex: none; margin-inline-end: -.7rem; }
.option {
  display: grid; grid-template-columns: 6.5rem 1fr; gap: 1.1rem; align-items: center;
  inline-size: 100%; padding-block: .7rem; text-align: start; font-variant-numeric: tabular-nums;
}
li + li .option { border-block-start: 1px solid var(--_line); }
.option strong { display: block; overflow-wrap: anywhere; font: 400 1.0625rem/1.3 var(--_display); }
.option small { display: block; color: var(--_muted); font-size: .8125rem; }
@media (max-width: 34rem) {
  dialog {
    inset: auto 0 0; inline-size: 100vw; block-size: auto; max-block-size: 85dvh;
    border-radius: 14px 14px 0 0;
  }
}

.bone {
  border-radius: 2px; background: var(--_tile); color: transparent !important;
  animation: breathe 1.8s ease-in-out infinite;
}
@keyframes breathe { 50% { opacity: .45; } }
@keyframes appear { from { opacity: 0; translate: 0 1rem; } }
@media (prefers-reduced-motion: reduce) {
  *, ::before, ::backdrop { animation: none !important; transition: none !important; }
  .piece:hover img { transform: none; }
}
@media (forced-colors: active) {
  .thumb[aria-pressed=true] { outline: 2px solid Highlight; }
}
`;
