/** What a recovery report adds to the style of Belay's pages: colours by day and by night, and its own figures. */
export const recoveryStyle = `
:root {
  --success: #0f766e; --seconds: #5b8def; --calls: #94a3b8; --cost: #d97706; --unhealthy: #9333ea; --escalate: #e0588f; --deadline: #b91c1c;
  --policy: #0f766e; --exploration: #7dc9bf; --baseline: #a8b3ba; --fallback: #d97706; --differs: #fff3e0; --differs-ink: #9a4a08;
}
@media (prefers-color-scheme: dark) {
  :root {
    --success: #3fd0bd; --seconds: #7ea6f7; --calls: #64748b; --cost: #f0a94b; --unhealthy: #c084fc; --escalate: #f28bb5; --deadline: #f87171;
    --policy: #3fd0bd; --exploration: #23766c; --baseline: #56636c; --fallback: #f0a94b; --differs: #33261a; --differs-ink: #ffc58a;
  }
}
.success { fill: var(--success); background: var(--success); } .seconds { fill: var(--seconds); background: var(--seconds); }
.calls { fill: var(--calls); background: var(--calls); } .cost { fill: var(--cost); background: var(--cost); }
.unhealthy { fill: var(--unhealthy); background: var(--unhealthy); } .escalate { fill: var(--escalate); background: var(--escalate); }
.deadline { fill: var(--deadline); background: var(--deadline); }
.policy { fill: var(--policy); background: var(--policy); } .exploration { fill: var(--exploration); background: var(--exploration); }
.baseline { fill: var(--baseline); background: var(--baseline); } .fallback { fill: var(--fallback); background: var(--fallback); }
.keys { display: flex; flex-wrap: wrap; gap: 4px 18px; margin-top: 10px; color: var(--soft); font-size: 13px; }
.keys i { display: inline-block; width: 11px; height: 11px; border-radius: 3px; margin-right: 7px; vertical-align: -1px; }
figcaption { margin-top: 8px; }
.zero { stroke: var(--soft); fill: none; stroke-width: 1; }
.total { stroke: var(--ink); fill: none; stroke-width: 2; }
.span { stroke: var(--ink); fill: none; stroke-width: 1.2; }
.label { fill: var(--ink); font-size: 13px; font-family: inherit; font-weight: 600; }
.value { fill: var(--ink); font-size: 12px; font-family: inherit; }
.move { stroke: var(--mark); stroke-width: 1.2; stroke-dasharray: 3 3; fill: none; }
.move-label { fill: var(--mark); font-size: 11px; font-family: inherit; font-weight: 600; }
.choices td { text-align: left; vertical-align: top; } .choices th { text-align: left; }
.choices .soft { font-size: 12px; display: block; }
.differs { background: var(--differs); color: var(--differs-ink); }
.differs b { font-weight: 650; } .differs .soft { color: inherit; opacity: 0.85; }
.better { color: var(--success); font-weight: 600; } .worse { color: var(--deadline); font-weight: 600; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(330px, 1fr)); gap: 12px; }
.rules { width: 100%; } .rules tr.differs td:first-child { border-left: 3px solid var(--mark); }
.rules tr.differs { background: none; color: inherit; }
.rules td { text-align: left; white-space: normal; vertical-align: top; } .rules th { text-align: left; }
.step { display: inline-block; padding: 0 7px; margin: 1px 3px 1px 0; border: 1px solid var(--rule); border-radius: 6px; font-size: 12.5px; white-space: nowrap; }
.words { white-space: normal; text-align: left; }
.paired tr:first-child th { border-bottom: 0; padding-bottom: 0; } .paired th[colspan] { text-align: center; } .paired td:nth-child(2n):not(:last-child), .paired tr:nth-child(2) th:nth-child(2n):not(:last-child) { padding-left: 26px; }
`;
