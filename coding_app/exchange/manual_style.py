"""The look of a manual on screen and on paper."""

STYLE = """
:root { --ink: #1d2b2e; --muted: #5c6b6f; --line: #d9e0e0; --accent: #1f6f78; --soft: #f2f5f5; --ground: #fff; }
@media screen and (prefers-color-scheme: dark) {
  :root { --ink: #e3eaea; --muted: #9fb0b4; --line: #344044; --accent: #7cc9ca; --soft: #1e2629; --ground: #14191b; }
}
* { box-sizing: border-box; }
html { font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", Roboto, sans-serif; }
body { margin: 0 auto; padding: 2.5rem 1.5rem 4rem; max-width: 62rem; color: var(--ink); background: var(--ground); }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.35rem; margin: 2.6rem 0 .6rem; padding-bottom: .3rem; border-bottom: 2px solid var(--accent); }
h3 { font-size: 1.05rem; margin: 0; }
h4 { font-size: .8rem; margin: .5rem 0 .15rem; color: var(--muted); font-weight: 600; }
p { margin: .35rem 0; }
a { color: var(--accent); text-decoration: none; }
.quiet { color: var(--muted); font-size: .9rem; }
.t { unicode-bidi: isolate; overflow-wrap: anywhere; }
ul { margin: .1rem 0 .3rem; padding-inline-start: 1.1rem; }
ul.plain { list-style: none; padding: 0; }
li { margin: .12rem 0; }
.entry { border: 1px solid var(--line); border-radius: .4rem; padding: .8rem 1rem .7rem; margin: .8rem 0; }
.head { display: flex; flex-wrap: wrap; gap: .2rem .7rem; align-items: baseline; }
kbd { font: 600 .85rem ui-monospace, monospace; padding: .05rem .4rem; }
kbd { border: 1px solid var(--muted); border-radius: .25rem; }
.beside { display: grid; grid-template-columns: 1fr 1fr; gap: 0 1.6rem; }
.beside > * { min-width: 0; }
.said { border-inline-start: 3px solid var(--line); padding-inline-start: .7rem; margin: .25rem 0; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; font-size: .93rem; }
th { white-space: nowrap; text-align: start; color: var(--muted); font-weight: 600; font-size: .8rem; }
th, td { padding: .22rem .6rem .22rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th .t { overflow-wrap: normal; }
td:not(:last-child) { min-width: 5.5rem; }
nav ol { columns: 2; padding-inline-start: 1.4rem; }
nav ul { padding-inline-start: 1rem; font-size: .92rem; }
@media (max-width: 40rem) { .beside { grid-template-columns: 1fr; } nav ol { columns: 1; } }
@page { size: A4; margin: 18mm 16mm 16mm; }
@page crib { margin: 10mm; }
@media print {
  html { font-size: 10.5pt; }
  body { padding: 0; max-width: none; }
  a { color: inherit; }
  h2, h3, h4, .head { break-after: avoid; }
  .entry, tr { break-inside: avoid; }
  section { break-before: page; }
  section.small { break-before: auto; }
  .crib { page: crib; }
  .crib table { font-size: 8.5pt; }
  .crib th, .crib td { padding-block: 1pt; }
  .crib p { font-size: 8.5pt; }
}
"""
