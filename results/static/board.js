// Makes the board live and searchable; without it the pages are complete, only still.
const { root, home, nothing, found } = document.body.dataset;
let version = document.body.dataset.version;

// --- live: ask for the small head file; when it moved, fetch this very page again and take its results over
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
  } catch { /* the network is away; the page stays as it was, and the next round asks again */ }
  setTimeout(follow, wait * (0.75 + Math.random() / 2));
}

// --- search: bib, part of a name or firm, or initial consonants, in an index fetched when first needed
const LEADS = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ';
const initials = text => [...text].map(c => {
  const k = c.charCodeAt(0) - 0xAC00;
  return k >= 0 && k < 11172 ? LEADS[Math.floor(k / 588)] : c;
}).join('');
const plain = text => text.normalize('NFC').toLowerCase().replace(/\s/g, '');
let index = null;

async function load() {
  if (index) return index;
  const { companies, runners } = await (await fetch(root + 'index.json', { cache: 'no-cache' })).json();
  const entry = (key, link, cells) => ({ link, cells, key, leads: initials(key) });
  index = [
    ...companies.map(([id, name, people]) => entry(plain(name), `c/${id}.html`, [String(people), name, ''])),
    ...runners.map(([bib, name, company, time]) =>
      entry(plain(name + companies[company][1]), `r/${bib}.html`, [String(bib), `${name}  ${companies[company][1]}`, time])),
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
  const hits = entries.filter(e => e.cells[0].startsWith(wanted) && e.link[0] === 'r' || (byLeads ? e.leads : e.key).includes(wanted));
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
input.addEventListener('input', () => search(input, status, list).catch(() => { status.textContent = nothing; }));
if (version !== '') setTimeout(follow, 1000);
