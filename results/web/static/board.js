// Makes the board live and searchable, and keeps a watch list on this device; without it the pages are complete, only still.
const { root, home, nothing, found, masked: maskedWords, away, watch, place } = document.body.dataset;
const byId = id => document.getElementById(id);
const offline = byId('offline');
let { stamp } = document.body.dataset; // version-revision: of the results, and of what is shown beside them
let newest = stamp; // the head's, while this page may still be of an older one

// --- live: ask for the small head file; when it moved, fetch this very page again and take its results over
let heardAt = new Date();
let shown = null; // the page's results as they came last
let timer;
async function follow() {
  clearTimeout(timer);
  let wait = 5000;
  try {
    const head = await (await fetch(root + 'head.json', { cache: 'no-cache' })).json();
    wait = head.next_ms;
    const now = `${head.version}-${head.revision}`;
    if (now !== stamp) {
      newest = now;
      merge(head);
      await refresh();
      stamp = now;
      showWatched(head);
    }
    offline.textContent = '';
    heardAt = new Date();
  } catch { // the page stays as it was and says of when it is; the next round asks again
    offline.textContent = `${away} ${heardAt.toLocaleTimeString()}`;
  }
  clearTimeout(timer); // the tab may have come back meanwhile and begun a round of its own
  if (!document.hidden) timer = setTimeout(follow, wait * (0.75 + Math.random() / 2));
}
document.addEventListener('visibilitychange', () => { if (!document.hidden) follow(); });

async function refresh() {
  if (document.querySelector('form.report')) return; // somebody may be writing
  const answer = await fetch(location.href, { cache: 'no-cache' });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  document.querySelector('.state').replaceWith(page.querySelector('.state')); // an edition may change nothing else
  const news = page.querySelector('main'), text = news.innerHTML;
  if (text === shown) return;
  shown = text;
  const main = document.querySelector('main'), held = main.contains(document.activeElement) ? document.activeElement : null;
  const open = [...main.querySelectorAll('details')].map(one => one.open);
  news.querySelectorAll('details').forEach((one, at) => { one.open = open[at]; });
  main.replaceWith(news);
  document.querySelector('footer').replaceWith(page.querySelector('footer'));
  addStars();
  if (held) [...news.querySelectorAll(held.tagName)].find(one => one.href === held.href && one.value === held.value)?.focus();
}

// --- search: bib, part of a name or firm, or initial consonants, in an index fetched when first needed
const LEADS = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ';
const initials = text => [...text].map(c => {
  const k = c.charCodeAt(0) - 0xAC00;
  return k >= 0 && k < 11172 ? LEADS[Math.floor(k / 588)] : c;
}).join('');
const plain = text => text.normalize('NFC').toLowerCase().replace(/\s/g, '');
const underMask = (name, wanted) => name.includes('*') && name.length === wanted.length
  && [...name].every((c, at) => c === '*' || c === wanted[at]); // names in the index are masked: * stands for any letter
const FULL_AGAIN_MS = 30000; // a whole index at most so often; what changed in between comes with the head
let index = null, loading = null, loadedAt = 0, revision;

const firmEntry = ([id, name, people]) =>
  ({ link: `c/${id}.html`, cells: ['▸', name, String(people)], name: '', nameLeads: '', key: plain(name), leads: initials(plain(name)) });
function runnerEntry([bib, name, company, time]) {
  const firm = index.names.get(company) || company, text = plain(name) + plain(firm);
  return { link: `r/${bib}.html`, bib: String(bib), cells: [String(bib), `${name}  ${firm}`, time],
    name: plain(name), nameLeads: initials(plain(name)), key: text, leads: initials(text) };
}

async function load() {
  if (index) return index;
  loading ||= fetch(root + (newest ? `s/${newest}/` : '') + 'index.json')
    .then(answer => answer.ok ? answer : fetch(root + 'index.json', { cache: 'no-cache' }))
    .then(answer => answer.json())
    .finally(() => { loading = null; });
  const { version: at, revision: beside, companies, runners } = await loading;
  if (index) return index;
  loadedAt = Date.now();
  index = { version: at, beside, names: new Map(companies), firms: companies.map(firmEntry), runners: new Map() };
  for (const [bib, name, company, time] of runners) {
    index.runners.set(bib, runnerEntry([bib, name, companies[company]?.[0] ?? '', time]));
  }
  return index;
}

function merge(head) {
  if (head.revision !== revision) { // somebody's name may have been taken back: nothing made before is shown on
    revision = head.revision;
    watchedAt = 0;
    if (index?.beside !== revision) index = null;
    if (input.value) search(input, status, list).catch(() => {});
  }
  if (!index) return;
  if (head.since <= index.version) {
    for (const one of [...head.finishers, ...head.changed]) {
      if (one[1] || one[2]) index.runners.set(one[0], runnerEntry(one)); else index.runners.delete(one[0]);
    }
    index.version = head.version;
  } else if (Date.now() - loadedAt > FULL_AGAIN_MS) index = null; // fetched again with the next search
}

async function search(input, status, list) {
  const wanted = plain(input.value);
  list.replaceChildren();
  status.textContent = '';
  if (!wanted) return;
  const byLeads = [...wanted].every(c => LEADS.includes(c));
  const { firms, runners } = await load();
  if (plain(input.value) !== wanted) return;
  const part = e => (byLeads ? e.leads : e.key).includes(wanted), nameOf = e => byLeads ? e.nameLeads : e.name;
  const masked = e => wanted.length > (byLeads ? 2 : 1) && !nameOf(e).includes(wanted) && underMask(nameOf(e), wanted);
  const own = e => e.bib.startsWith(wanted) || nameOf(e).includes(wanted) || masked(e);
  const people = [...runners.values()];
  const hits = [...people.filter(e => e.bib === wanted), ...firms.filter(part),
    ...people.filter(e => e.bib !== wanted && own(e)), ...people.filter(e => e.bib !== wanted && !own(e) && part(e))];
  const byMask = hits.every(masked);
  status.textContent = hits.length ? `${hits.length} ${found}${byMask ? ` · ${maskedWords}` : ''}` : nothing;
  list.replaceChildren(...hits.slice(0, 50).map(line));
}

function line({ link, cells }) {
  const item = document.createElement('li'), a = document.createElement('a');
  a.href = home + link;
  a.append(...cells.map((text, at) => Object.assign(document.createElement(at === 1 ? 'span' : 'b'), { textContent: text })));
  item.append(a);
  return item;
}

const form = document.querySelector('form.search'), [input, status, list] = ['q', 'found', 'hits'].map(byId);
form.hidden = false;
form.addEventListener('submit', event => { event.preventDefault(); list.querySelector('a')?.click(); });
input.addEventListener('focus', () => load().catch(() => {}), { once: true });
input.addEventListener('input', () => search(input, status, list).catch(() => { status.textContent = away; }));

// --- watching: a few bibs, kept on this device alone
const KEY = 'marathon-watched', MOST = 20, EVERY_MS = 15000;
let watchedAt = 0;
function watched() {
  try { return JSON.parse(localStorage.getItem(KEY) || '[]').filter(Number.isInteger).slice(0, MOST); } catch { return []; }
}
function toggle(bib) {
  const now = watched(), kept = now.includes(bib) ? now.filter(one => one !== bib) : [...now, bib].slice(-MOST);
  try { localStorage.setItem(KEY, JSON.stringify(kept)); } catch { /* private mode: nothing is kept */ }
  for (const star of document.querySelectorAll('.star')) star.setAttribute('aria-pressed', kept.includes(+star.value));
  watchedAt = 0;
  showWatched();
}
function starOf(bib) {
  const star = Object.assign(document.createElement('button'), { type: 'button', className: 'star', value: bib });
  star.setAttribute('aria-label', `${watch} ${bib}`);
  star.setAttribute('aria-pressed', watched().includes(bib));
  star.addEventListener('click', () => toggle(bib));
  return star;
}
function addStars() {
  for (const link of document.querySelectorAll('main .runners td a[href*="r/"]')) {
    const bib = /(?:^|\/)r\/(\d+)\.html$/.exec(link.getAttribute('href'))?.[1];
    if (bib) link.closest('tr').querySelector('.who').prepend(starOf(+bib));
  }
  if (document.body.dataset.bib) document.querySelector('.runner h1').append(' ', starOf(+document.body.dataset.bib));
}
async function showWatched(head) {
  const bibs = watched(), box = byId('watched');
  if (!box) return;
  box.hidden = !bibs.length;
  if (!bibs.length || (Date.now() - watchedAt < EVERY_MS && !head?.finishers.some(([bib]) => bibs.includes(bib)))) return;
  watchedAt = Date.now();
  const lines = await Promise.all(bibs.map(async bib => {
    const answer = await fetch(`${root}r/${bib}.json`, { cache: 'no-cache' }).catch(() => null);
    if (!answer?.ok) return null;
    const { runner } = await answer.json();
    const item = line({ link: `r/${bib}.html`, cells: [String(bib), `${runner.name}  ${runner.company}`, runner.time + (runner.place ? ` · ${runner.place}${place}` : '')] });
    item.append(starOf(bib));
    return item;
  }));
  box.querySelector('ul').replaceChildren(...lines.filter(Boolean));
}

document.querySelector('nav a[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
document.querySelector('nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' }); // the tabs may be wider than a phone
shown = document.querySelector('main').innerHTML;
addStars();
showWatched();
timer = setTimeout(follow, 1000);
