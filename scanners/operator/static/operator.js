// The operator's page: asks for the state five times a second, and sends taps and typed bibs. The keyboard comes first.
'use strict';

const ASK_MS = 200;
const FRESH_US = 60e6; // a tap older than this is not chosen by itself any more
const token = document.querySelector('meta[name=token]').content;
const $ = id => document.getElementById(id);
const SVG = 'http://www.w3.org/2000/svg';
const texts = JSON.parse($('texts').textContent);
const language = document.documentElement.lang;

let state = null;
let chosen = null; // the tap that the typed bib is for; null: now
let coming = null; // a tap that is kept, and that the next state will tell of
let heard = null; // the last scan that was beeped for
let alarmed = '';
let audio = null;
let muted = false;
let shown = null; // the formatter of times, once the zone is known
const dismissed = new Set();

function make(tag, text = '', classes = '') {
  const made = document.createElement(tag);
  if (classes) made.className = classes;
  made.textContent = text;
  return made;
}

// A text of the page's language, with its {parameters}.
function text(key, values = {}) {
  return texts[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// Catalogue texts that are parts of sentences begin small.
function sentence(words) {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function room(bytes) {
  return bytes < 1e9 ? `${Math.floor(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

function button(words, data = {}) {
  const made = make('button', words);
  made.type = 'button';
  Object.assign(made.dataset, data);
  return made;
}

function face(at, tenths = 1) {
  shown ??= new Intl.DateTimeFormat('en-GB', { timeZone: state.station.zone, hour: '2-digit', minute: '2-digit', second: '2-digit' });
  return shown.format(at / 1000) + (tenths ? '.' + Math.floor(at / 1e5) % 10 : '');
}

// ---- what is shown

function show() {
  const { station, status, warnings } = state;
  document.title = `${warnings.length ? '⚠ ' : ''}${station.name} · ${text('station')}`;
  $('name').textContent = station.name;
  $('point').textContent = texts[station.point] ?? station.point;
  $('clock').textContent = face(state.now, 0);
  showSent(status);
  showWarnings(warnings);
  showFigures(status);
  showLine(state.line);
  showScans(state.scans);
  showTaps();
  showMinutes(state.minutes);
  $('runners').textContent = text('runners', { n: state.runners });
}

function showSent(status) {
  const away = status.away_s !== undefined || status.refused || status.trial;
  const chip = $('sent');
  chip.className = `chip ${away ? 'bad' : 'good'}`;
  const n = status.unsent;
  if (status.trial) chip.textContent = text('trial');
  else if (status.direct) chip.textContent = n ? text('log_waits', { n }) : text('in_the_log');
  else if (n) chip.textContent = text('unsent', { n });
  else chip.textContent = text(away ? 'no_contact' : 'all_sent');
}

function contact(status) {
  return status.away_s === undefined ? text('now') : text('ago', { n: Math.round(status.away_s) });
}

function showWarnings(warnings) {
  const now = JSON.stringify(warnings);
  if (now === alarmed) return;
  const before = alarmed;
  alarmed = now;
  $('warnings').replaceChildren(...warnings.map(warning => {
    const line = make('p', `${warning.level === 'alarm' ? '⚠ ' : ''}${sentence(warning.text)}`, warning.level);
    if (warning.kind === 'moved') {
      const confirm = button(text('place_is_right'));
      confirm.addEventListener('click', () => post('here', {}));
      line.append(confirm);
    }
    return line;
  }));
  const kinds = JSON.parse(before || '[]').map(warning => warning.kind);
  if (warnings.some(warning => warning.level === 'alarm' && !kinds.includes(warning.kind))) beep(330, 0.35, 2);
}

// The status leaves out what is not known, and what is 0.
function showFigures(status) {
  const moved = status.wall_moved ?? 0;
  const rows = [
    ['fps', status.fps?.toFixed(1)],
    ['latency', status.latency_ms === undefined ? undefined : `${Math.round(status.latency_ms)} ms`],
    ['drops', status.drops ?? 0],
    ['unread', status.passed_lately === undefined ? undefined : status.unread ?? 0],
    ['module', status.module_px?.toFixed(1)],
    ['clock', Math.abs(moved) < 1e5 ? text('steady') : `${(moved / 1e6).toFixed(1)} s`],
    ['disk', status.disk_free === undefined ? undefined : room(status.disk_free)],
    ['contact', status.direct ? undefined : contact(status)],
  ];
  fill($('figures'), rows.filter(row => row[1] !== undefined).map(([name, value]) => {
    const cell = make('div');
    cell.append(make('dt', text(name)), make('dd', value));
    return cell;
  }));
}

function showLine(line) {
  $('line').hidden = !line;
  if (!line) return;
  const when = line.set_at ? ` (${face(line.set_at, 0)})` : '';
  $('line-told').textContent = line.px === null ? text('line_unknown') : text('line_known', { px: line.px.toFixed(1) }) + when;
  $('line').className = line.ready ? 'ready' : '';
  $('undo-line').hidden = !line.can_undo;
}

function showScans(scans) {
  $('nobody').hidden = scans.length > 0;
  fill($('scans'), scans.map((scan, index) => {
    const row = make('tr', '', [index === 0 && scan.seq !== heard && heard !== null ? 'new' : '', scan.bib === null ? 'stranger' : ''].join(' ').trim());
    const who = make('td', scan.bib === null ? text('unknown') : scan.firm, 'firm');
    if (scan.again) who.append(make('span', ` ${text('again')}`, 'again'));
    const last = make('td');
    if (scan.source === 'typed' || scan.source === 'tap') last.append(button(text('undo'), { undo: scan.seq }));
    row.append(make('td', face(scan.at)), make('td', scan.bib ?? '–', 'number'), who, make('td', text(scan.source), 'by'), last);
    return row;
  }));
}

// An unchanged list is left alone: a button must not vanish under the finger that presses it.
function fill(list, children) {
  const now = children.map(child => child.outerHTML).join('');
  if (list.dataset.now === String(hash(now))) return;
  list.dataset.now = hash(now);
  list.replaceChildren(...children);
}

function hash(text) {
  let sum = text.length;
  for (let at = 0; at < text.length; at++) sum = (sum * 31 + text.charCodeAt(at)) | 0;
  return sum;
}

function openTaps() {
  return state.taps.filter(tap => !dismissed.has(tap.seq));
}

function showTaps() {
  const taps = openTaps();
  if (taps.some(tap => tap.seq === coming)) coming = null;
  if (chosen !== null && chosen !== coming && !taps.some(tap => tap.seq === chosen)) chosen = taps.length && state.now - taps[0].at < FRESH_US ? taps[0].seq : null;
  $('waiting-taps').hidden = taps.length === 0;
  fill($('taps'), taps.map(tap => {
    const row = make('li');
    const pick = button(face(tap.at, 1), { pick: tap.seq });
    pick.setAttribute('aria-pressed', tap.seq === chosen);
    row.append(pick, button(text('drop'), { drop: tap.seq }));
    return row;
  }));
  const tap = taps.find(one => one.seq === chosen);
  $('target').textContent = tap ? text('bib_of_tap', { time: face(tap.at) }) : text('bib_now');
}

function showMinutes(minutes) {
  const most = Math.max(10, ...minutes.map(([, count]) => count));
  const bars = $('bars');
  const drawn = [bars.querySelector('title')];
  const put = (tag, attributes, text = '') => {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.textContent = text;
    drawn.push(made);
  };
  minutes.forEach(([at, count], index) => {
    const x = index * 30, height = 38 * count / most;
    if (count) {
      put('rect', { x: x + 3, y: 56 - height, width: 24, height, rx: 3, class: index === minutes.length - 1 ? 'now' : '' });
      put('text', { x: x + 15, y: 52 - height }, count);
    }
    if (index % 2 === 0) put('text', { x: x + 15, y: 69, class: 'minute' }, face(at, 0).slice(0, 5));
  });
  put('line', { x1: 0, x2: 450, y1: 56.5, y2: 56.5 });
  bars.replaceChildren(...drawn);
  fill($('minutes'), minutes.toReversed().map(([at, count]) => {
    const row = make('tr');
    row.append(make('td', face(at, 0).slice(0, 5)), make('td', count, 'number'));
    return row;
  }));
}

async function showPicture() {
  if (!state.picture) return;
  const { picture, boxes } = state;
  const next = new Image();
  next.src = `picture/${picture}.jpg`;
  try { await next.decode(); } catch { return; }
  $('waiting').hidden = true;
  $('picture').src = next.src;
  const shapes = boxes.map(box => {
    const shape = document.createElementNS(SVG, 'polygon');
    shape.setAttribute('points', box.corners.map(point => point.join(',')).join(' '));
    shape.setAttribute('class', box.bib === null ? 'unknown' : box.source);
    return shape;
  });
  if (state.line?.corners.length) {
    const shape = document.createElementNS(SVG, 'polygon');
    shape.setAttribute('points', state.line.corners.map(point => point.join(',')).join(' '));
    shape.setAttribute('class', 'line');
    shapes.push(shape);
  }
  $('boxes').replaceChildren(...shapes);
  showLabels(boxes);
}

// Each bib's number stands above its code, the nearest first; with the firm where there is room, below where there is none.
function showLabels(boxes) {
  const named = new Map();
  for (const box of boxes) if (!named.has(box.bib) || box.source === 'qr') named.set(box.bib, box);
  const spans = [...named.values()].map(box => {
    const xs = box.corners.map(point => point[0]), ys = box.corners.map(point => point[1]);
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    return { box, x: 50 * (left + right), top: 100 * top, bottom: 100 * bottom, size: right - left };
  }).sort((one, other) => other.size - one.size);
  const taken = [], list = $('labels');
  list.replaceChildren();
  for (const { box, x, top, bottom } of spans) {
    const label = make('span');
    list.append(label);
    const bib = box.bib === null ? '?' : String(box.bib);
    for (const [text, y, below] of [[`${bib} ${box.firm}`.trim(), top, false], [bib, top, false], [bib, bottom, true]]) {
      label.textContent = text;
      label.className = below ? 'below' : '';
      const half = 50 * label.offsetWidth / list.parentElement.clientWidth;
      label.style.left = `${Math.max(half, Math.min(x, 100 - half))}%`;
      label.style.top = `${y}%`;
      const place = label.getBoundingClientRect();
      if (!taken.some(other => place.left < other.right && other.left < place.right && place.top < other.bottom && other.top < place.bottom)) break;
    }
    taken.push(label.getBoundingClientRect());
  }
}

// ---- sound

function beep(hertz, seconds, times = 1) {
  if (muted || !audio || audio.state !== 'running') return;
  for (let turn = 0; turn < times; turn++) {
    const begins = audio.currentTime + turn * seconds * 1.4;
    const tone = audio.createOscillator(), loud = audio.createGain();
    tone.frequency.value = hertz;
    loud.gain.setValueAtTime(0.25, begins);
    loud.gain.exponentialRampToValueAtTime(0.001, begins + seconds);
    tone.connect(loud).connect(audio.destination);
    tone.start(begins);
    tone.stop(begins + seconds);
  }
}

function listen() {
  const fresh = heard === null ? [] : state.scans.filter(scan => scan.seq > heard);
  heard = Math.max(heard ?? 0, state.last);
  fresh.slice(0, 4).reverse().forEach((scan, turn) => setTimeout(() => beep(scan.bib === null ? 440 : 1320, 0.12), 90 * turn));
}

// Browsers let a page sound only after somebody has touched it: the first key or press does.
function soundOn() {
  audio ??= new AudioContext();
  audio.resume().then(() => {
    $('sound').setAttribute('aria-pressed', String(!muted));
    $('sound').textContent = text(muted ? 'muted' : 'sound_is_on');
  });
}

// ---- what is sent

async function post(path, told) {
  const headers = { 'content-type': 'application/json', 'x-token': token };
  let answer;
  try {
    answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(told) });
  } catch {
    say(text('stopped'), true);
    return null;
  }
  if (answer.status === 403) location.reload(); // the station was started anew
  const heardBack = await answer.json().catch(() => null);
  if (answer.ok) return heardBack;
  say(heardBack?.[language === 'ko' ? 'korean' : 'english'] ?? text('not_taken'), true);
  return null;
}

function say(words, wrong = false) {
  $('said').textContent = sentence(words);
  $('said').className = wrong ? 'wrong' : '';
  if (wrong) beep(220, 0.3);
}

async function tapNow(pressed) {
  const done = await post('tap', { ago_ms: Math.max(0, Math.round(performance.now() - pressed)) });
  if (!done) return;
  chosen = coming = done.seq;
  beep(880, 0.08);
  say(text('tap_kept'));
}

async function enter(pressed) {
  const typed = $('bib').value, bib = Number(typed);
  $('bib').select(); // the next digits replace it, taken or refused
  if (!/^[0-9]{1,6}$/.test(typed) || !bib) return say(text('digits'), true);
  const done = await post('bib', { bib, tap: chosen, ago_ms: Math.max(0, Math.round(performance.now() - pressed)) });
  if (!done) return;
  if ($('bib').value === typed) $('bib').value = ''; // else somebody types on already
  say(text('bib_kept', { bib }));
}

async function setLine(undo) {
  if (!state.line || !await post('line', { undo })) return;
  beep(880, 0.08, 2);
  say(text(undo ? 'line_undone' : 'line_set'));
}

function choose(step) {
  const choices = [null, ...openTaps().map(tap => tap.seq)];
  const at = choices.indexOf(chosen);
  chosen = choices[Math.min(Math.max(at + step, 0), choices.length - 1)];
  showTaps();
}

function drop(seq) {
  dismissed.add(seq);
  chosen = chosen === seq ? null : chosen;
  showTaps();
}

// ---- keys and buttons

document.addEventListener('keydown', event => {
  if (document.querySelector('dialog[open]') || event.ctrlKey || event.metaKey || event.altKey || !state) return;
  const onButton = event.target.closest('button, summary');
  const act = {
    ' ': () => onButton ? false : (event.repeat || tapNow(event.timeStamp)),
    '?': () => $('keys').showModal(),
    ArrowUp: () => choose(-1),
    ArrowDown: () => choose(1),
    Delete: () => chosen === null || $('bib').value ? false : drop(chosen),
    Escape: () => { if ($('bib').value) $('bib').value = ''; else chosen = null; showTaps(); $('bib').focus(); },
  }[event.key];
  if (event.code === 'KeyL') { // by the key's place: a Korean keyboard says another letter
    event.preventDefault();
    if (!event.repeat) setLine(false);
  } else if (act) {
    if (act() !== false) event.preventDefault();
  } else if (/^[0-9]$/.test(event.key) && event.target !== $('bib')) $('bib').focus(); // and the digit goes there
});

$('typing').addEventListener('submit', event => { event.preventDefault(); enter(event.timeStamp); });
$('bib').addEventListener('input', () => { $('bib').value = $('bib').value.replace(/[^0-9]/g, ''); });
$('help').addEventListener('click', () => $('keys').showModal());
$('set-line').addEventListener('click', () => setLine(false));
$('undo-line').addEventListener('click', () => setLine(true));
$('sound').addEventListener('click', () => { muted = audio !== null && !muted; soundOn(); });
$('tap').addEventListener('pointerdown', event => { if (event.button === 0) tapNow(event.timeStamp); });
$('tap').addEventListener('click', event => { if (event.detail === 0) tapNow(event.timeStamp); }); // by keyboard or a reader
document.addEventListener('click', event => {
  const pressed = event.target.closest('button');
  if (!pressed) return;
  const { pick, drop: dropped, undo } = pressed.dataset;
  if (pick) { chosen = Number(pick); showTaps(); }
  if (dropped) drop(Number(dropped));
  if (undo) {
    $('command').textContent = `marathon rule void ${state.station.lineage.slice(0, 8)}#${undo} --why '${text('mistyped')}'`;
    $('undo').showModal();
  } else if (event.detail && pressed.id !== 'help' && matchMedia('(hover: hover)').matches) $('bib').focus(); // space is for the next tap
});
for (const first of ['keydown', 'pointerdown']) document.addEventListener(first, event => { if (!audio && event.target.id !== 'sound') soundOn(); });

// ---- the clockwork

async function ask() {
  try {
    const answer = await fetch(`state.json?lang=${language}`);
    if (!answer.ok) throw new Error(answer.status);
    state = await answer.json();
    listen();
    show();
    await showPicture();
  } catch {
    showWarnings([{ kind: 'gone', level: 'alarm', text: text('stopped') }]);
  }
  setTimeout(ask, ASK_MS);
}

// The language that the operator chose is kept for the next time that the page is opened.
function remembered() { try { return localStorage.getItem('language'); } catch { return null; } }
function remember(choice) { try { localStorage.setItem('language', choice); } catch { /* nothing can be kept here */ } }

const asked = new URLSearchParams(location.search).get('lang');
if (asked) remember(language);
else if (remembered() && remembered() !== language) location.replace(`?lang=${remembered()}`);

if (matchMedia('(hover: hover)').matches) $('bib').focus();
ask();
