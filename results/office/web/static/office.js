// Makes the office live: parts marked `data-live` are taken anew when there are news, forms marked `data-place` show their preview
// where they stand, and a paper sheet is checked while it is typed. Without it every page works by links and forms.
const POLL_MS = 2000, ANYWAY_MS = 10000, TYPED_MS = 250;
const parsed = async answer => new DOMParser().parseFromString(await answer.text(), 'text/html');
const busy = part => part.contains(document.activeElement) && document.activeElement.matches('input:not([type=radio]), textarea, select');

document.querySelector('nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });

// --- news: the page is asked for anew, and its live parts that nobody is at work in are taken over
const bare = part => part.innerHTML.replace(/(name="once" value=")[^"]*/g, '$1'); // the same but for the numbers of its forms
function take(page) {
  for (const list of document.querySelectorAll('[data-items]')) takeItems(list, page.getElementById(list.id));
  for (const part of document.querySelectorAll('[data-live]')) {
    const news = page.getElementById(part.id);
    if (!news || busy(part) || part.querySelector('.place') || bare(news) === bare(part)) continue;
    const open = new Set([...part.querySelectorAll('details[open]')].map(one => one.id));
    for (const one of news.querySelectorAll('details')) one.open ||= open.has(one.id);
    const held = part.contains(document.activeElement) ? document.activeElement.id : '';
    part.replaceWith(news);
    if (held) document.getElementById(held)?.focus();
  }
}
function takeItems(list, news) { // each item by itself: pictures stay, and so does an item that somebody is at work in
  const stays = [...news?.children ?? list.children].map(one => {
    const held = document.getElementById(one.id);
    return held && (busy(held) || held.querySelector('.place') || bare(held) === bare(one)) ? held : one;
  });
  for (const old of [...list.children]) if (!stays.includes(old)) old.remove();
  stays.forEach((one, at) => list.children[at] === one || list.insertBefore(one, list.children[at] ?? null));
}
let stamp = document.body.dataset.stamp, refreshedAt = Date.now();
async function follow() {
  const lost = document.getElementById('lost');
  try {
    const told = await fetch('/office/news', { cache: 'no-store' });
    if (told.status === 401) return location.reload(); // taken out, or the session is over
    const now = await told.text();
    if (told.ok && (now !== stamp || Date.now() - refreshedAt > ANYWAY_MS)) {
      const answer = await fetch(location.href, { cache: 'no-store' });
      if (answer.ok) take(await parsed(answer));
      stamp = now;
      refreshedAt = Date.now();
    }
    lost.hidden = told.ok;
  } catch { // what stands here stays, and the page says that it is not the newest
    lost.hidden = false;
  }
  setTimeout(follow, POLL_MS * (0.75 + Math.random() / 2));
}
if (stamp !== undefined && document.querySelector('[data-live]:not(form [data-live])')) setTimeout(follow, POLL_MS);

// --- clocks go on by themselves between two looks at the server
setInterval(() => {
  for (const one of document.querySelectorAll('[data-seconds]')) {
    one.began ??= performance.now() - one.dataset.seconds * 1000;
    const all = Math.floor((performance.now() - one.began) / 1000), pad = number => String(number).padStart(2, '0');
    const hours = Math.floor(all / 3600), rest = `${pad(Math.floor(all / 60) % 60)}:${pad(all % 60)}`;
    one.textContent = 'clock' in one.dataset ? `${pad(hours % 24)}:${rest}` : all < 0 ? one.textContent : hours ? `${hours}:${rest}` : rest;
  }
}, 1000);

// --- a preview in its place, and the page as it is once that is recorded
document.addEventListener('submit', async event => {
  const form = event.target;
  if (!form.matches('[data-place], .place form') || event.defaultPrevented) return;
  event.preventDefault();
  const fields = new URLSearchParams(new FormData(form, event.submitter));
  event.submitter?.setAttribute('aria-busy', 'true');
  try {
    const answer = await fetch(form.action, { method: 'POST', body: fields });
    const page = await parsed(answer), main = page.querySelector('main');
    if (form.matches('[data-check]') && fields.get('form') === 'check') return take(page);
    if (answer.redirected || !main) {
      document.querySelector('main').replaceWith(document.adoptNode(main));
      history.replaceState(null, '', answer.url);
      document.querySelector('main .notice, main h1')?.scrollIntoView({ block: 'nearest' });
      document.querySelector('main [autofocus]')?.focus();
      return;
    }
    const place = form.closest('.place') ?? form.parentElement.insertBefore(document.createElement('div'), form.nextSibling);
    for (const other of document.querySelectorAll('.place')) if (other !== place) other.remove();
    place.className = 'place';
    const alone = main.querySelector('form[data-record]') ? [...main.children] : [...main.querySelectorAll('.notice.wrong')];
    place.replaceChildren(...(alone.length ? alone : main.children));
    for (const title of place.querySelectorAll('h1')) { // the page has its own
      const below = document.createElement('h2');
      below.textContent = title.textContent;
      title.replaceWith(below);
    }
    (place.querySelector('form button') ?? place).focus();
  } catch {
    document.getElementById('lost').hidden = false;
  } finally {
    event.submitter?.removeAttribute('aria-busy');
  }
});
document.addEventListener('click', event => {
  const place = event.target.closest('.place a[data-leave]') && event.target.closest('.place');
  if (!place) return;
  event.preventDefault();
  const form = place.previousElementSibling;
  place.remove();
  form?.querySelector('textarea, input:not([type=hidden]), button')?.focus();
});

// --- a paper sheet: each row is looked at while the next one is typed; Ctrl+Enter records
let typed, asked = 0;
document.addEventListener('input', event => {
  const form = event.target.closest('form[data-check]');
  if (!form) return;
  const rows = form.querySelector('textarea');
  rows.rows = Math.max(rows.rows, rows.value.split('\n').length + 3);
  clearTimeout(typed);
  typed = setTimeout(async () => {
    const fields = new URLSearchParams(new FormData(form)), mine = ++asked;
    fields.set('form', 'check');
    const answer = await fetch(form.action, { method: 'POST', body: fields }).catch(() => null);
    document.getElementById('lost').hidden = answer !== null;
    if (answer && mine === asked) take(await parsed(answer)); // an older answer than the newest question's is none
  }, TYPED_MS);
});
document.addEventListener('keydown', event => {
  const form = event.key === 'Enter' && (event.ctrlKey || event.metaKey) && event.target.closest('form[data-check]');
  if (form) form.requestSubmit(form.querySelector('button[value=record]'));
});
