import type { Replay } from "../replay.ts";
import { count, short } from "./text.ts";

/** An episode to watch: the film as data, and a small player. */
export function player({ film, return: total, length }: Replay): string {
  const last = film.frames.length - 1;
  // Inside a script element only "<" could end the data early.
  const data = JSON.stringify(film).replaceAll("<", "\\u003c");
  return `
<div class="card player">
  <div>
    <div id="stage"></div>
    <div class="controls">
      <button id="play" type="button">Play</button>
      <input id="frame" type="range" min="0" max="${last}" value="0" aria-label="frame">
    </div>
  </div>
  <div class="note"><p><b>${short(total)}</b><span class="soft">return of this episode, ${count(length)} steps</span></p>
  <p class="soft">The final policy from a start it was not trained on, always taking its most likely action. ${thinning(length, last)}</p></div>
</div>
<script type="application/json" id="film">${data}</script>
<script>${script(last)}</script>`;
}

function thinning(length: number, last: number): string {
  return last < length ? `${count(last + 1)} of its ${count(length + 1)} moments are drawn.` : "";
}

function script(last: number): string {
  return `
const film = JSON.parse(document.getElementById("film").textContent);
const [stage, slider, button] = ["stage", "frame", "play"].map((id) => document.getElementById(id));
let playing = false, due = 0;
function draw() {
  const [template, ...gaps] = film.frames[slider.value];
  stage.innerHTML = film.templates[template].map((text, i) => text + (gaps[i] ?? "")).join("");
}
function play(on) {
  playing = on;
  button.textContent = on ? "Pause" : "Play";
  if (on) requestAnimationFrame(tick);
}
function tick(now) {
  if (!playing) return;
  if (now >= due) {
    due = now + 1000 / 30;
    if (Number(slider.value) >= ${last}) return play(false);
    slider.value = Number(slider.value) + 1;
    draw();
  }
  requestAnimationFrame(tick);
}
button.onclick = () => {
  if (!playing && Number(slider.value) >= ${last}) slider.value = 0;
  play(!playing);
};
slider.oninput = () => { play(false); draw(); };
draw();
`;
}
