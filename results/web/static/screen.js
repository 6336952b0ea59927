// Keeps the big screen going: the clock, who has just come in, and the lists in turn. Without it the page is still, and loads itself again.
const { live, away, pause, go, before, since, pageMs } = document.body.dataset;
const LOOK_MS = 15000, AGAIN_MS = 1000, DAY_S = 43200;
const the = selector => document.querySelector(selector);
let { stamp } = document.body.dataset; // of the results, and of what is shown beside them
let gun = document.body.dataset.gun === undefined ? null : +document.body.dataset.gun;
let official = the('.state').classList.contains('official');

// --- the clock, by the server's time: this machine's own may be wrong
let offset = null;
function hear(answer) {
  const date = Date.parse(answer.headers.get('date') ?? '');
  if (!Number.isNaN(date)) offset = date + 1000 * (answer.headers.get('age') ?? 0) + 500 - Date.now();
}
function tick() {
  const [label, face] = [the('.clock small'), the('.clock b')];
  const seconds = gun === null ? -1 : Math.floor((Date.now() + (offset ?? 0) - gun) / 1000);
  const two = number => String(number).padStart(2, '0');
  const hours = Math.floor(seconds / 3600), minutes = Math.floor(seconds / 60) % 60;
  the('.clock').hidden = official || seconds > DAY_S; // a race that is over needs no clock
  label.textContent = seconds < 0 ? before : since;
  face.textContent = seconds < 0 ? '' : `${hours ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
}
setInterval(tick, 250);

// --- news: told by the server where it does, asked for in any case
let heardAt = new Date(), asking = null, listening = false, timer, refreshedAt = 0;
function lost(isLost) {
  if (!isLost) heardAt = new Date();
  the('.lost').textContent = isLost ? `${away} ${heardAt.toLocaleTimeString()}` : '';
}
async function told(head) {
  gun = head.gun_ms;
  official = head.state === 'official';
  if (`${head.version}-${head.revision}` === stamp || asking) return;
  asking = refresh().finally(() => { asking = null; });
  await asking;
}
async function refresh() {
  await new Promise(done => setTimeout(done, Math.max(0, refreshedAt + AGAIN_MS - Date.now())));
  refreshedAt = Date.now();
  const answer = await fetch(location.href, { cache: 'no-cache' });
  if (!answer.ok) throw new Error(answer.statusText);
  show(new DOMParser().parseFromString(await answer.text(), 'text/html'));
}
async function look() {
  clearTimeout(timer);
  let wait = 5000;
  try {
    const answer = await fetch('head.json', { cache: 'no-cache' });
    hear(answer);
    const head = await answer.json();
    wait = listening ? LOOK_MS : head.next_ms;
    await told(head);
    lost(false);
  } catch { // what stands on the screen stays, and it says of when it is
    lost(true);
  }
  clearTimeout(timer); // another look may have ended meanwhile
  timer = setTimeout(look, wait * (0.75 + Math.random() / 2));
}
if (live !== undefined) {
  const source = new EventSource('v1/live');
  source.addEventListener('open', () => { listening = true; lost(false); });
  source.addEventListener('head', event => told(JSON.parse(event.data)).catch(() => lost(true)));
  source.addEventListener('error', () => { listening = false; look(); });
}
look();

function show(page) {
  if (page.querySelector('script').getAttribute('src') !== the('script').getAttribute('src')) location.reload(); // a newer program
  const known = new Set([...document.querySelectorAll('.latest li')].map(one => one.dataset.bib));
  for (const part of ['header > div', '.counts', '.latest', '.panels']) the(part).replaceWith(page.querySelector(part));
  for (const one of document.querySelectorAll('.latest li')) one.classList.toggle('new', !known.has(one.dataset.bib));
  stamp = page.body.dataset.stamp;
  turnTo(at, false);
}

// --- the lists, one at a time
let at = 0, paused = false, turning;
const panels = () => [...document.querySelectorAll('.panel')];
function turnTo(number, anew = true) {
  const all = panels();
  if (!all.length) return;
  at = (number + all.length) % all.length;
  the('.panels').classList.add('paged');
  all.forEach((one, index) => one.classList.toggle('on', index === at));
  the('.hint').hidden = all.length < 2;
  the('.count').textContent = `${at + 1} / ${all.length}`;
  if (!anew) return;
  clearTimeout(turning);
  const bar = the('.bar');
  bar.classList.remove('run');
  if (paused || all.length < 2) return;
  void bar.offsetWidth; // the bar begins again
  bar.classList.add('run');
  turning = setTimeout(() => turnTo(at + 1), +pageMs);
}
const button = the('.hint button');
function hold() {
  paused = !paused;
  button.textContent = paused ? go : pause;
  turnTo(at);
}
button.hidden = false;
button.textContent = pause;
button.addEventListener('click', hold);
document.addEventListener('keydown', event => {
  if (event.key === 'ArrowRight') turnTo(at + 1);
  if (event.key === 'ArrowLeft') turnTo(at - 1);
});
the('.bar').style.setProperty('--page', `${pageMs}ms`);
turnTo(0);
tick();
