// The vote, after device.js: sends what was chosen with this device's number, and remembers the choice here.
const CHOICE = 'marathon-vote', me = device();

async function send(company) {
  const body = JSON.stringify({ company, device: me });
  const answer = await fetch('/v1/vote', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return (await answer.json()).outcome;
}
function say(form, text, kind) {
  const said = form.querySelector('.said');
  said.className = `said ${kind}`;
  said.textContent = text;
}
async function vote(form, company) {
  const outcome = await send(company), { taken, closed, failed, many } = form.dataset;
  if (outcome === 'taken') remember(CHOICE, company);
  say(form, { taken, closed, too_many: many }[outcome] || failed, outcome === 'taken' ? 'good' : 'bad');
}

for (const still of document.querySelectorAll('.still')) still.hidden = true;
for (const form of document.querySelectorAll('form.ask')) {
  const button = form.querySelector('button'), before = remembered(CHOICE);
  const mine = [...form.querySelectorAll('input')].find(one => one.value === before);
  if (mine) mine.checked = true;
  if (!button) continue;
  button.disabled = false;
  form.addEventListener('submit', async event => {
    event.preventDefault();
    button.disabled = true;
    try { await vote(form, form.querySelector('input:checked').value); } catch { say(form, form.dataset.failed, 'bad'); }
    button.disabled = false;
  });
}
