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
  --_sans: var(--ctl-font, "Avenir Next", "Segoe UI", "Nimbus Sans", system-ui, sans-serif);
  display: block; color: var(--_ink); text-align: left; font: 400 .9375rem/1.5 var(--_sans);
  text-underline-offset: .2em;
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
/* Text of another direction than the page keeps its full stops, and lies where the page's does. */
:host(:dir(rtl)) { text-align: right; }
p, span, a, strong { unicode-bidi: plaintext; }
:host([hidden]), [hidden] { display: none !important; }
*, ::before, ::after { box-sizing: border-box; margin: 0; }
section { container-type: inline-size; }

header {
  display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1.5rem;
  padding-block: 1.5rem .75rem; border-block-start: 1px solid var(--_line);
}
h2 { font: 400 clamp(1.5rem, 1.2rem + 1.2vw, 2rem)/1.2 var(--_display); letter-spacing: -.01em; }
.status { flex: 1 16rem; min-block-size: 1.4em; color: var(--_muted); font: italic 400 1rem/1.4 var(--_display); }
.busy .status::before {
  content: ""; display: inline-block; inline-size: .45em; block-size: .45em; border-radius: 50%;
  margin-inline-end: .6em; vertical-align: .12em; background: currentColor;
  animation: breathe 1.8s ease-in-out infinite;
}
.note { padding-block: 1rem 2rem; }
.note p { color: var(--_muted); font: italic 400 1.0625rem/1.5 var(--_display); }

.tools { gap: .25rem 2rem; margin-block-end: 1.25rem; }
.tools label, .pages { display: flex; align-items: center; gap: .6rem; min-block-size: 2.5rem; }
.tools label > span, .slot, .reasoning h3 {
  color: var(--_muted); font: 400 .6875rem/1.25rem var(--_sans); letter-spacing: .12em; text-transform: uppercase;
}
select, .tools input {
  inline-size: 9rem; min-block-size: 2.25rem; padding: 0; border: 0; border-block-end: 1px solid var(--_line);
  border-radius: 0; background: var(--_paper); color: inherit; font: 400 1rem/1.3 var(--_display);
}
.tools input { inline-size: 5rem; appearance: textfield; }
input::placeholder { color: var(--_muted); opacity: 1; }
.pages { gap: .25rem; margin-inline: auto -.7rem; font-size: .8125rem; font-variant-numeric: tabular-nums; }
.previous svg, :host(:dir(rtl)) .next svg { transform: scaleX(-1); }
:host(:dir(rtl)) .previous svg { transform: none; }

ul { list-style: none; padding: 0; }
.items {
  display: grid; grid-template-columns: repeat(2, minmax(0, 1fr));
  gap: 1.75rem var(--ctl-gap, clamp(1rem, 2.4vw, 2rem));
}
@container (min-width: 44rem) {
  .items { grid-template-columns: repeat(4, minmax(0, 1fr)); }
}
.item { min-inline-size: 0; }
.piece { position: relative; }
.tile {
  display: grid; place-items: center; overflow: hidden; aspect-ratio: var(--ctl-ratio, 4 / 5);
  border-radius: var(--_radius); background: var(--_tile); color: var(--_muted);
}
.tile img {
  inline-size: 100%; block-size: 100%; object-fit: var(--ctl-fit, cover);
  transition: transform .7s ease-out;
}
.gone img { opacity: .45; }
.tile span { font: 400 3rem/1 var(--_display); opacity: .5; }
.piece:hover img { transform: scale(1.025); }
.slot { display: flex; align-items: center; gap: .4rem; min-block-size: 2.5rem; margin-block-start: .35rem; }
.slot > :first-child { flex: 1; overflow: hidden; text-overflow: ellipsis; }
.price {
  min-inline-size: 4em; color: var(--_ink); font-size: .875rem; letter-spacing: 0; text-align: end;
  text-transform: none; white-space: nowrap; font-variant-numeric: tabular-nums;
}
.words { min-block-size: 10rem; }
h3, .why span { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
.why span { -webkit-line-clamp: 3; }
h3 {
  margin-block: 0 .4rem; overflow-wrap: anywhere;
  font: 400 1.0625rem/1.3 var(--_display);
}
h3 a { color: inherit; text-decoration: none; }
h3 a::after { content: ""; position: absolute; inset: 0; border-radius: var(--_radius); }
.why, .sum > span, .ask span { color: var(--_muted); font-size: .875rem; }
.why { line-height: 1.45; overflow-wrap: anywhere; }
.tools, .actions, footer, .sum, .thumbs, .ask { display: flex; flex-wrap: wrap; align-items: center; }
.actions { gap: 0 .75rem; align-content: start; min-block-size: 5rem; }
@container (max-width: 21.5rem) or ((min-width: 44rem) and (max-width: 46rem)) {
  .actions { min-block-size: 7.5rem; }
}
@container (min-width: 72rem) {
  .words { min-block-size: 8.75rem; }
  .why span { -webkit-line-clamp: 2; }
  .actions { min-block-size: 2.5rem; }
}

button { padding: 0; border: 0; background: none; color: inherit; font: inherit; cursor: pointer; }
:is(a, button, select, input):focus-visible, h3 a:focus-visible::after { outline: 2px solid; outline-offset: 2px; }
h3 a:focus-visible { outline: none; }
.swap, .again, .ask-why, .save, .share, .photo, .primary {
  display: inline-flex; align-items: center; gap: .45em; min-block-size: 2.5rem; font-size: .8125rem;
}
.undo, .add, .lock { position: relative; z-index: 1; }
.undo { color: var(--_ink); padding-block: .25rem; }
.undo, .again, .leads { text-decoration: underline; }
.thumb, .close, .add, .lock, .previous, .next {
  display: grid; flex: none; place-items: center; inline-size: 2.5rem; block-size: 2.5rem; border-radius: 50%;
  transition: background .15s, color .15s;
}
.add { margin-inline: -.5rem -.7rem; color: var(--_ink); }
.lock { position: absolute; inset-block-start: .5rem; inset-inline-end: .5rem; background: var(--_paper); box-shadow: 0 0 0 1px var(--_line); }
:is(.thumb, .close, .add, .previous, .next):hover { background: var(--_tile); }
:is(.thumb, .lock, .chip)[aria-pressed=true], .primary { background: var(--_ink); color: var(--_paper); }
.primary { padding-inline: 1.15rem; border-radius: var(--_radius); }
.thumbs { gap: .125rem; margin-inline: auto -.7rem; }
svg {
  inline-size: 1.125rem; block-size: 1.125rem; fill: none; stroke: currentColor;
  stroke-width: 1.4; stroke-linecap: round; stroke-linejoin: round;
}
.dislike svg { transform: rotate(180deg); }
.save[aria-pressed=true] path { fill: currentColor; }
.chips { display: flex; flex-wrap: wrap; gap: .375rem; inline-size: 100%; padding-block: .25rem .75rem; }
.chips p { inline-size: 100%; }
.chips p, .aside, .own p { color: var(--_muted); font-size: .8125rem; }
.chip {
  min-block-size: 2rem; padding-inline: .75rem; border: 1px solid var(--_line); border-radius: 1rem;
  font-size: .8125rem;
}
:is(.piece:hover h3 a, .swap:hover span, .ask-why:hover, .share:hover, .save:hover, .photo:hover, .option:hover strong) {
  text-decoration: underline 1px;
}

footer {
  gap: .25rem 2rem; margin-block-start: 1.5rem; padding-block: 1rem; border-block: 1px solid var(--_line);
}
.sum { flex: 1; gap: .25rem 1.25rem; min-inline-size: 30rem; }
.sum b { min-inline-size: 4em; font: 400 1.375rem/1.4 var(--_display); font-variant-numeric: tabular-nums; }
.ask { gap: .75rem; }
.ask .thumbs { margin: 0; }
.aside { min-block-size: 1.5em; margin-block-start: .75rem; }
@container (max-width: 36rem) {
  h3 { font-size: 1rem; }
  .tools { display: grid; grid-template-columns: 1fr auto; align-items: end; gap: .25rem 1rem; }
  .tools label { flex-wrap: wrap; gap: 0 .6rem; }
  .tools label > :first-child { inline-size: 100%; }
  .sum, .sum > span { min-inline-size: 100%; }
  .add-all, .share { margin-inline-start: auto; }
  .ask { inline-size: 100%; justify-content: space-between; }
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
.bar h2 { font-size: 1.375rem; overflow-wrap: anywhere; }
.close { margin-inline-end: -.7rem; }
.option {
  display: grid; grid-template-columns: 6.5rem 1fr; gap: 1.1rem; align-items: center;
  inline-size: 100%; padding-block: .7rem; text-align: inherit; font-variant-numeric: tabular-nums;
}
li + li .option { border-block-start: 1px solid var(--_line); }
.option strong { display: block; overflow-wrap: anywhere; font: 400 1.0625rem/1.3 var(--_display); }
.option small { display: block; color: var(--_muted); font-size: .8125rem; }
.sentence { font: italic 400 1.0625rem/1.45 var(--_display); }
.reasoning h3 { margin-block: 1.5rem .5rem; }
.reasoning a { color: inherit; }
.bars li { display: grid; grid-template-columns: 1fr auto; gap: .35rem 1rem; padding-block: .5rem; }
.bars b { font-weight: 400; font-variant-numeric: tabular-nums; }
.leads { text-align: inherit; }
.axis {
  grid-column: 1 / -1; display: flex; block-size: 6px; border-radius: 3px;
  background: linear-gradient(var(--_muted), var(--_muted)) center/1px 100% no-repeat var(--_tile);
}
.for { margin-inline-start: 50%; border-radius: 3px; background: var(--_ink); }
.against {
  margin-inline: auto 50%; border-radius: 3px;
  background: repeating-linear-gradient(135deg, var(--_muted) 0 2px, transparent 2px 5px);
}
.own { display: grid; gap: 1rem; justify-items: start; }
.own label { display: flex; gap: .6rem; }
.own input { max-inline-size: 100%; font: inherit; }
::file-selector-button { padding: .4rem 1rem; border: 1px solid; border-radius: var(--_radius); background: none; color: inherit; font: inherit; }
@media (max-width: 34rem) {
  dialog {
    inset: auto 0 0; inline-size: 100vw; block-size: auto; max-block-size: 85dvh;
    border-radius: 14px 14px 0 0;
  }
}

.words .bone.bone { display: block; flex: none; inline-size: 30%; block-size: .75rem; }
.line .bone { inline-size: 75%; block-size: 1rem; }
.bone {
  border-radius: 2px; background: var(--_tile);
  animation: breathe 1.8s ease-in-out infinite;
}
@keyframes breathe { 50% { opacity: .45; } }
@keyframes appear { from { opacity: 0; translate: 0 1rem; } }
@media (prefers-reduced-motion: reduce) {
  *, ::before, ::backdrop { animation: none !important; transition: none !important; }
  .piece:hover img { transform: none; }
}
@media (forced-colors: active) {
  [aria-pressed=true], .primary { outline: 2px solid Highlight; }
  .for { background: CanvasText; }
}
`;
