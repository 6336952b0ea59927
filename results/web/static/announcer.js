// Asks every two seconds whether there is anything new, and takes the page's news over; without it the page loads itself again.
const { away, pollMs } = document.body.dataset;
const lost = document.getElementById('lost'), here = location.pathname.replace(/\/$/, '');
let { version, revision } = document.body.dataset, heardAt = new Date();

async function look() {
  try {
    const answer = await fetch(`${here}/now.json?since=${version}&revision=${revision}`, { cache: 'no-store' });
    if (!answer.ok) throw new Error(answer.statusText);
    if (answer.status !== 204) await refresh();
    heardAt = new Date();
    lost.textContent = '';
  } catch { // what was read stays, and the page says of when it is
    lost.textContent = `${away} ${heardAt.toLocaleTimeString()}`;
  }
  setTimeout(look, +pollMs);
}
async function refresh() {
  const answer = await fetch(here, { cache: 'no-store' });
  if (!answer.ok) throw new Error(answer.statusText);
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  document.querySelector('main').replaceWith(page.querySelector('main'));
  document.querySelector('.state').replaceWith(page.querySelector('.state'));
  ({ version, revision } = page.body.dataset);
}
setTimeout(look, +pollMs);
