// Makes the board live and searchable; without it the pages are complete, only still.
const { root, home, nothing, found, away } = document.body.dataset;
const offline = document.getElementById('offline');
let version = document.body.dataset.version;

// --- live: ask for the small head file; when it moved, fetch this very page again and take its results over
let heardAt = new Date();
async function follow() {
  let wait = 5000;
  try {
    const head = await (await fetch(root + 'head.json', { cache: 'no-cache' })).json();
    wait = head.next_ms;
    if (String(head.version) !== version && !document.hidden) {
      const page = new DOMParser().parseFromString(await (await fetch(location.href, { cache: 'no-cache' })).text(), 'text/html');
      document.querySelector('main').replaceWith(page.querySelector('main'));
      version = page.body.dataset.version;
      index = null;
    }
    offline.textContent = '';
    heardAt = new Date();
  } catch { // the page stays as it was and says of when it is; the next round asks again
    offline.textContent = `${away} ${heardAt.toLocaleTimeString()}`;
  }
  setTimeout(follow, wait * (0.75 + Math.random() / 2));
}

// --- search: bib, part of a name or firm, or initial consonants, in an index fetched when first needed
const LEADS = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ';
const initials = text => [...text].map(c => {
  const k = c.charCodeAt(0) - 0xAC00;
  return k >= 0 && k < 11172 ? LEADS[Math.floor(k / 588)] : c;
}).join('');
const plain = text => text.normalize('NFC').toLowerCase().replace(/\s/g, '');
const masked = name => /^[가-힣]{2,}$|^[ㄱ-ㅎ]{3,}$/.test(name)
  ? name[0] + '*'.repeat(Math.max(name.length - 2, 1)) + (name.length > 2 ? name.at(-1) : '')
  : name; // names stand masked in the index, so a full name is masked before it is looked for
let index = null;

async function load() {
  if (index) return index;
  const { companies, runners } = await (await fetch(root + 'index.json', { cache: 'no-cache' })).json();
  const entry = (name, rest, link, cells) =>
    ({ link, cells, name, nameLeads: initials(name), key: name + rest, leads: initials(name + rest) });
  index = [
    ...companies.map(([id, name, people]) => entry('', plain(name), `c/${id}.html`, [String(people), name, ''])),
    ...runners.map(([bib, name, company, time]) =>
      entry(plain(name), plain(companies[company][1]), `r/${bib}.html`, [String(bib), `${name}  ${companies[company][1]}`, time])),
  ];
  return index;
}

async function search(input, status, list) {
  const wanted = plain(input.value);
  list.replaceChildren();
  status.textContent = '';
  if (!wanted) return;
  const byLeads = [...wanted].every(c => LEADS.includes(c));
  const entries = await load();
  if (plain(input.value) !== wanted) return;
  const hidden = masked(wanted);
  const hits = entries.filter(e => (byLeads ? e.leads : e.key).includes(wanted)
    || e.link[0] === 'r' && (e.cells[0].startsWith(wanted) || (byLeads ? e.nameLeads : e.name) === hidden));
  status.textContent = hits.length ? `${hits.length} ${found}` : nothing;
  for (const { link, cells } of hits.slice(0, 50)) {
    const a = document.createElement('a');
    a.href = home + link;
    const [bib, who, time] = [document.createElement('b'), document.createElement('span'), document.createElement('b')];
    [bib.textContent, who.textContent, time.textContent] = link[0] === 'c' ? ['▸', cells[1], cells[0]] : cells;
    a.append(bib, who, time);
    list.append(document.createElement('li'));
    list.lastChild.append(a);
  }
}

const form = document.querySelector('form.search');
form.hidden = false;
const [input, status, list] = ['q', 'found', 'hits'].map(id => document.getElementById(id));
form.addEventListener('submit', event => { event.preventDefault(); list.querySelector('a')?.click(); });
input.addEventListener('focus', () => load().catch(() => {}), { once: true });
input.addEventListener('input', () => search(input, status, list).catch(() => { status.textContent = away; }));
if (version !== '') setTimeout(follow, 1000);
