// The operator's page: asks for the state five times a second, and sends taps and typed bibs. The keyboard comes first.
'use strict';

const ASK_MS = 200;
const FRESH_US = 60e6; // a tap older than this is not chosen by itself any more
const token = document.querySelector('meta[name=token]').content;
const $ = id => document.getElementById(id);
const SVG = 'http://www.w3.org/2000/svg';
const SOURCES = { qr: ['QR', ''], mark: ['표식', 'mark'], typed: ['손으로', 'typed'], tap: ['탭', 'tap'] };
const POINTS = { start: '출발 / start', finish: '도착 / finish', pen: '대기 구역 / pen' };

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

function both(made, korean, english) {
  made.textContent = korean;
  if (english) {
    const beside = make('span', ` ${english}`);
    beside.lang = 'en';
    made.append(beside);
  }
  return made;
}

function face(at, tenths = 1) {
  shown ??= new Intl.DateTimeFormat('en-GB', { timeZone: state.station.zone, hour: '2-digit', minute: '2-digit', second: '2-digit' });
  return shown.format(at / 1000) + (tenths ? '.' + Math.floor(at / 1e5) % 10 : '');
}

// ---- what is shown

function show() {
  const { station, status, warnings } = state;
  document.title = `${warnings.length ? '⚠ ' : ''}${station.name} · 스테이션`;
  $('name').textContent = station.name;
  $('point').textContent = POINTS[station.point] ?? station.point;
  $('clock').textContent = face(state.now, 0);
  showSent(status);
  showTroubles(warnings);
  showFigures(status);
  showLine(state.line);
  showScans(state.scans);
  showTaps();
  showMinutes(state.minutes);
  $('runners').textContent = `${state.runners}명 / ${state.runners} bibs`;
}

function showSent(status) {
  const away = status.away_s !== undefined || status.refused;
  const chip = $('sent');
  chip.className = `chip ${away ? 'bad' : 'good'}`;
  if (status.direct) both(chip, status.unsent ? `기록 대기 ${status.unsent}` : '이 컴퓨터에 기록됨', status.unsent ? 'waiting' : 'in the log here');
  else if (status.unsent) both(chip, `안 보낸 것 ${status.unsent}`, 'unsent');
  else both(chip, away ? '본부와 끊김' : '모두 보냄', away ? 'no contact' : 'all sent');
}

function contact(status) {
  return status.away_s === undefined ? '지금 / now' : `${Math.round(status.away_s)}초 전 / s ago`;
}

function showTroubles(troubles) {
  const now = JSON.stringify(troubles);
  if (now === alarmed) return;
  const before = alarmed;
  alarmed = now;
  $('troubles').replaceChildren(...troubles.map(trouble => {
    const line = both(make('p', '', trouble.level), `${trouble.level === 'alarm' ? '⚠ ' : ''}${trouble.korean}`, trouble.english);
    if (trouble.kind === 'moved') {
      const button = both(make('button'), '제자리입니다', 'it is right');
      button.type = 'button';
      button.addEventListener('click', () => post('here', {}));
      line.append(button);
    }
    return line;
  }));
  const kinds = JSON.parse(before || '[]').map(trouble => trouble.kind);
  if (troubles.some(trouble => trouble.level === 'alarm' && !kinds.includes(trouble.kind))) beep(330, 0.35, 2);
}

// The status leaves out what is not known, and what is 0.
function showFigures(status) {
  const moved = status.wall_moved ?? 0;
  const rows = [
    ['초당 장면', 'frames/s', status.fps?.toFixed(1)],
    ['늦음', 'latency', status.latency_ms === undefined ? null : `${Math.round(status.latency_ms)} ms`],
    ['버린 장면', 'drops', status.drops ?? 0],
    ['QR 한 칸', 'px/module', status.module_px?.toFixed(1)],
    ['시계', 'clock', Math.abs(moved) < 1e5 ? '고름 / steady' : `${(moved / 1e6).toFixed(1)} s`],
    ['디스크', 'disk free', status.disk_free === undefined ? null : `${(status.disk_free / 1e9).toFixed(1)} GB`],
    ['본부 연락', 'last contact', status.direct ? null : contact(status)],
  ];
  fill($('figures'), rows.filter(row => row[2] !== null && row[2] !== undefined).map(([korean, english, value]) => {
    const cell = make('div');
    cell.append(both(make('dt'), korean, english), make('dd', value));
    return cell;
  }));
}

function showLine(line) {
  $('line').hidden = !line;
  if (!line) return;
  const when = line.set_at ? ` (${face(line.set_at, 0)})` : '';
  if (line.px === null) both($('line-told'), '선을 모릅니다. 선 위에 배번을 가만히 들고 L', 'no line: hold a bib still over it, press L');
  else both($('line-told'), `선: QR 너비 ${line.px.toFixed(1)} px${when}`, `line: QR ${line.px.toFixed(1)} px wide`);
  $('line').className = line.ready ? 'ready' : '';
  $('undo-line').hidden = !line.can_undo;
}

function showScans(scans) {
  $('nobody').hidden = scans.length > 0;
  fill($('scans'), scans.map((scan, index) => {
    const row = make('tr', '', [index === 0 && scan.seq !== heard && heard !== null ? 'new' : '', scan.bib === null ? 'stranger' : ''].join(' ').trim());
    const who = both(make('td', '', 'firm'), scan.bib === null ? '모르는 코드' : scan.firm, scan.bib === null ? 'unknown code' : '');
    if (scan.again) who.append(make('span', ' 다시 / again', 'again'));
    const by = both(make('td', '', 'by'), ...SOURCES[scan.source]);
    const last = make('td');
    if (scan.source === 'typed' || scan.source === 'tap') last.append(undoing(scan.seq));
    row.append(make('td', face(scan.at)), make('td', scan.bib ?? '–', 'number'), who, by, last);
    return row;
  }));
}

function undoing(seq) {
  const button = both(make('button'), '무르기', '');
  button.type = 'button';
  button.dataset.undo = seq;
  button.setAttribute('aria-label', '무르기 / undo');
  return button;
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
    const pick = make('button', face(tap.at, 1));
    pick.type = 'button';
    pick.dataset.pick = tap.seq;
    pick.setAttribute('aria-pressed', tap.seq === chosen);
    const away = both(make('button'), '치움', 'drop');
    away.type = 'button';
    away.dataset.drop = tap.seq;
    row.append(pick, away);
    return row;
  }));
  const tap = taps.find(one => one.seq === chosen);
  const target = $('target');
  const words = tap ? ['탭 ', face(tap.at), '에 지나간 배번', 'bib of this tap'] : ['', '지금', ' 지나는 배번', 'bib crossing now'];
  target.replaceChildren(make('span', words[0]), make('b', words[1]), both(make('span'), words[2], words[3]));
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
    both($('sound'), muted ? '소리 꺼짐' : '소리 켜짐', muted ? 'muted' : 'sound is on');
  });
}

// ---- what is sent

async function post(path, told) {
  const headers = { 'content-type': 'application/json', 'x-token': token };
  let answer;
  try {
    answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(told) });
  } catch {
    say('스테이션 프로그램이 꺼졌습니다', 'the station program is not running', true);
    return null;
  }
  if (answer.status === 403) location.reload(); // the station was started anew
  const heardBack = await answer.json().catch(() => null);
  if (answer.ok) return heardBack;
  say(heardBack?.korean ?? '넣지 못했습니다', heardBack?.english ?? 'not taken', true);
  return null;
}

function say(korean, english, wrong = false) {
  both($('said'), korean, english);
  $('said').className = wrong ? 'wrong' : '';
  if (wrong) beep(220, 0.3);
}

async function tapNow(pressed) {
  const done = await post('tap', { ago_ms: Math.max(0, Math.round(performance.now() - pressed)) });
  if (!done) return;
  chosen = coming = done.seq;
  beep(880, 0.08);
  say('시각을 남겼습니다. 배번을 치세요', 'the time is kept; now type the bib');
}

async function enter(pressed) {
  const typed = $('bib').value, bib = Number(typed);
  $('bib').select(); // the next digits replace it, taken or refused
  if (!/^[0-9]{1,6}$/.test(typed) || !bib) return say('배번은 숫자로 치세요', 'a bib is a number', true);
  const done = await post('bib', { bib, tap: chosen, ago_ms: Math.max(0, Math.round(performance.now() - pressed)) });
  if (!done) return;
  if ($('bib').value === typed) $('bib').value = ''; // else somebody types on already
  say(`배번 ${bib}을(를) 남겼습니다`, `bib ${bib} is kept`);
}

async function setLine(undo) {
  if (!state.line || !await post('line', { undo })) return;
  beep(880, 0.08, 2);
  if (undo) say('선을 되돌렸습니다', 'the line is what it was before');
  else say('여기를 선으로 정했습니다', 'the line is set here');
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
  const button = event.target.closest('button');
  if (!button) return;
  const { pick, drop: dropped, undo } = button.dataset;
  if (pick) { chosen = Number(pick); showTaps(); }
  if (dropped) drop(Number(dropped));
  if (undo) {
    $('command').textContent = `marathon rule void ${state.station.lineage.slice(0, 8)}#${undo} --why '잘못 침'`;
    $('undo').showModal();
  } else if (event.detail && button.id !== 'help' && matchMedia('(hover: hover)').matches) $('bib').focus(); // space is for the next tap
});
for (const first of ['keydown', 'pointerdown']) document.addEventListener(first, event => { if (!audio && event.target.id !== 'sound') soundOn(); });

// ---- the clockwork

async function ask() {
  try {
    const answer = await fetch('state.json');
    if (!answer.ok) throw new Error(answer.status);
    state = await answer.json();
    listen();
    show();
    await showPicture();
  } catch {
    const gone = { kind: 'gone', level: 'alarm', korean: '스테이션 프로그램이 꺼졌습니다. 터미널에서 다시 켜세요', english: 'the station program is not running: start it again in the terminal' };
    showTroubles([gone]);
  }
  setTimeout(ask, ASK_MS);
}

if (matchMedia('(hover: hover)').matches) $('bib').focus();
ask();
