/** The report's looks, by day and by night. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #f6f7f5; --card: #ffffff; --ink: #1b2125; --soft: #66727a; --rule: #e3e7e4;
  --accent: #0f766e; --band: #0f766e22; --mark: #c2570c; --caution: #b45309; --caution-paper: #fff7ed; --bad: #b91c1c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #0f1315; --card: #171c1f; --ink: #e7ecee; --soft: #93a0a8; --rule: #283035;
    --accent: #3fd0bd; --band: #3fd0bd26; --mark: #ff9d5c; --caution: #fbbf6b; --caution-paper: #2a2118; --bad: #f87171;
  }
}
@media (prefers-color-scheme: dark) { #stage svg { filter: brightness(0.88); } }
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 1120px; padding: 40px 24px 64px; background: var(--paper); color: var(--ink);
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; font-variant-numeric: tabular-nums;
}
h1 { margin: 0; font-size: 30px; line-height: 1.2; letter-spacing: -0.02em; }
h2 { margin: 44px 0 14px; font-size: 18px; letter-spacing: -0.01em; }
h3 { margin: 0 0 6px; font-size: 13px; font-weight: 600; }
h3 span { color: var(--soft); font-weight: 400; }
p { margin: 6px 0; }
.brand { color: var(--accent); font-weight: 650; letter-spacing: 0.02em; font-size: 13px; text-transform: uppercase; }
.soft, figcaption { color: var(--soft); font-size: 13px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(155px, 1fr)); gap: 12px; margin-top: 26px; }
.tile, .card { background: var(--card); border: 1px solid var(--rule); border-radius: 12px; }
.tile { padding: 14px 16px; }
.tile b { display: block; white-space: nowrap; font-size: 22px; font-weight: 640; letter-spacing: -0.02em; line-height: 1.25; }
.tile.first b { color: var(--accent); }
.card { padding: 16px 18px; margin: 0; }
.multiples { display: grid; grid-template-columns: repeat(auto-fill, minmax(310px, 1fr)); gap: 12px; }
.chart { display: block; width: 100%; height: auto; overflow: visible; }
.scroll .chart { min-width: 620px; }
.grid { stroke: var(--rule); fill: none; }
.tick { fill: var(--soft); font-size: 11px; font-family: inherit; }
.line { fill: none; stroke: var(--accent); stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round; }
.band { fill: var(--band); }
.dot { fill: var(--accent); }
.mark path { stroke: var(--mark); stroke-width: 1.6; }
.mark circle { fill: var(--mark); stroke: var(--card); stroke-width: 1.5; }
.hover { fill: transparent; }
.hover:hover { fill: var(--band); }
.key { display: inline-block; width: 18px; height: 3px; border-radius: 2px; background: var(--accent); vertical-align: middle; margin: 0 6px 0 14px; }
.key.wide { height: 11px; background: var(--band); }
.key.round { width: 8px; height: 8px; border-radius: 4px; background: var(--mark); }
.warning { border-left: 3px solid var(--caution); background: var(--caution-paper); border-radius: 0 10px 10px 0; padding: 10px 16px; margin: 8px 0; }
.warning b { color: var(--caution); }
.failure { border-left-color: var(--bad); } .failure b { color: var(--bad); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th { color: var(--soft); font-weight: 500; font-size: 12.5px; text-align: right; }
td { text-align: right; } th:first-child, td:first-child { text-align: left; }
th, td { padding: 6px 12px; border-bottom: 1px solid var(--rule); white-space: nowrap; }
tr:last-child td { border-bottom: 0; }
.star { color: var(--mark); }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(230px, 1fr)); gap: 4px 28px; margin: 0; font-size: 14px; }
dl div { display: flex; justify-content: space-between; gap: 12px; border-bottom: 1px solid var(--rule); padding: 4px 0; }
dt { color: var(--soft); } dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 13px; }
pre { margin: 4px 0 14px; padding: 10px 14px; background: var(--paper); border-radius: 8px; overflow-x: auto; }
.hash { overflow-wrap: anywhere; }
.player { display: grid; grid-template-columns: minmax(0, 560px) 1fr; gap: 28px; align-items: center; }
#stage svg { display: block; width: 100%; height: auto; border-radius: 10px; }
.controls { display: flex; gap: 12px; align-items: center; margin-top: 12px; }
.controls input { flex: 1; accent-color: var(--accent); }
button {
  font: inherit; font-weight: 560; color: var(--card); background: var(--accent); border: 0; border-radius: 8px; padding: 6px 16px; min-width: 84px; cursor: pointer;
}
.note b { display: block; font-size: 25px; letter-spacing: -0.02em; }
@media (max-width: 760px) { .player { grid-template-columns: 1fr; } body { padding: 24px 14px 48px; } }
@media print { .controls, .hover { display: none; } body { padding: 0; } }
`;
