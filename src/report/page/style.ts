/** The page's looks: system fonts, light and dark, one column where it is narrow. */
export const STYLE = `
:root { color-scheme: light dark; --back: #fff; --page: #f5f6f7; --text: #1b1e23; --dim: #555b66; --line: #c9ced6; --accent: #0b5394; --mark: #fff1a8; --lit: #ffb74d; --error: #a3160d; --warning: #7a4b00; --bar: #3f7fbf; }
@media (prefers-color-scheme: dark) { :root { --back: #1c1f24; --page: #14161a; --text: #e6e8eb; --dim: #a9b0bb; --line: #3b414b; --accent: #8ec1f5; --mark: #57491a; --lit: #8a5a00; --error: #ff9c92; --warning: #f3c26b; --bar: #5c9bd9; } }
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); }
header, .overview, main { max-width: 100rem; margin: 0 auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 1rem 0 0; }
h2 { font-size: 1.2rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
.card h2 { font-size: 1rem; margin: 0 0 .5rem; }
.summary { margin: .25rem 0 1rem; color: var(--dim); }
.overview { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); gap: 1rem; }
.card { background: var(--back); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; min-width: 0; }
.counts { width: 100%; border-collapse: collapse; font-size: .9rem; }
.counts th { text-align: left; font-weight: normal; padding: .1rem .5rem .1rem 0; overflow-wrap: anywhere; }
.counts td { padding: .1rem 0; }
.counts td:last-child { text-align: right; white-space: nowrap; padding-left: .5rem; }
.counts meter, .bar { width: 100%; }
.bar { display: block; height: .6rem; background: var(--page); border-radius: .3rem; min-width: 4rem; }
.bar span { display: block; height: 100%; background: var(--bar); border-radius: .3rem; }
.counts button { all: unset; cursor: pointer; color: var(--accent); text-decoration: underline; overflow-wrap: anywhere; }
svg { width: 100%; height: auto; display: block; }
svg rect { fill: var(--bar); }
svg text { fill: var(--dim); font: 11px system-ui, sans-serif; }
svg line { stroke: var(--line); }
main { display: grid; grid-template-columns: minmax(18rem, 26rem) minmax(0, 1fr); gap: 1rem; margin-top: 1rem; margin-bottom: 2rem; }
.tools { display: grid; gap: .5rem; margin-bottom: .5rem; }
.tools label { display: grid; gap: .2rem; font-size: .9rem; }
input, select { font: inherit; padding: .4rem .5rem; border: 1px solid var(--dim); border-radius: .3rem; background: var(--back); color: var(--text); width: 100%; }
#list { list-style: none; margin: 0; padding: 0; }
#list li { content-visibility: auto; contain-intrinsic-size: auto 6rem; }
#list li[hidden] { display: none; }
#list button { font: inherit; display: block; width: 100%; text-align: left; background: var(--back); color: var(--text); border: 1px solid var(--line); border-radius: .4rem; padding: .5rem .75rem; margin: 0 0 .4rem; cursor: pointer; }
#list button[aria-current] { border-color: var(--accent); box-shadow: inset 4px 0 0 var(--accent); }
.title { font-weight: 600; margin-right: .5rem; overflow-wrap: anywhere; }
.facts, .path { display: block; font-size: .85rem; color: var(--dim); overflow-wrap: anywhere; }
.badge { font-size: .8rem; white-space: nowrap; }
.badge.error, .failure code { color: var(--error); }
.badge.warning, .warned code { color: var(--warning); }
#detail { background: var(--back); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; min-width: 0; align-self: start; position: sticky; top: .5rem; max-height: calc(100vh - 1rem); overflow: auto; }
#detail h2:focus { outline: none; }
#back { display: none; font: inherit; color: var(--accent); background: none; border: 0; padding: .5rem 0; cursor: pointer; }
.columns { display: grid; grid-template-columns: minmax(15rem, 2fr) minmax(0, 3fr); gap: 1rem; }
.fields { margin: 0; font-size: .9rem; }
.fields dt { font-weight: 600; margin-top: .6rem; }
.fields dd { margin: 0 0 .15rem; overflow-wrap: anywhere; }
.none, .name, .hint { color: var(--dim); }
.value { font: inherit; text-align: left; background: var(--mark); color: var(--text); border: 0; border-radius: .2rem; padding: 0 .2rem; cursor: pointer; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .9rem; max-height: calc(100vh - 9rem); overflow: auto; border: 1px solid var(--line); border-radius: .3rem; padding: .75rem; }
mark { background: var(--mark); color: var(--text); border-radius: .15rem; cursor: pointer; }
.lit { background: var(--lit); outline: 2px solid var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 1px; }
.counts button:focus-visible { outline: 3px solid var(--accent); }
@media (max-width: 75rem) { .columns { grid-template-columns: minmax(0, 1fr); } .text { max-height: none; } }
@media (max-width: 50rem) {
  main { grid-template-columns: minmax(0, 1fr); }
  #detail { position: static; max-height: none; }
  body.open #back { display: block; }
  body.open .summary, body.open .overview, body.open .chooser { display: none; }
  body.open h1 { font-size: 1rem; font-weight: normal; color: var(--dim); }
  body:not(.open) #detail { display: none; }
}
@media print { .tools, #back { display: none; } #detail { position: static; max-height: none; } .text { max-height: none; } }
`;
