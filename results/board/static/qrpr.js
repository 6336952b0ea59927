// Votes and the quiz, after device.js: sends what was chosen with this device's number, and remembers the answers here.
const language = document.documentElement.lang;
const me = device();

async function send(form, what) {
  const body = JSON.stringify({ ...what, device: me });
  const answer = await fetch(form.dataset.to, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return answer.json();
}
function say(form, text, kind) {
  const said = form.querySelector('.said');
  said.className = `said ${kind}`;
  said.textContent = text;
}

function vote(form) {
  const key = `marathon-vote-${form.dataset.ballot}`;
  const mine = form.querySelector(`input[value="${Number(remembered(key))}"]`);
  if (mine) mine.checked = true;
  return async chosen => {
    const { outcome } = await send(form, { ballot: form.dataset.ballot, candidate: +chosen });
    if (outcome === 'taken') remember(key, chosen);
    const { taken, closed, failed, many } = form.dataset;
    say(form, { taken, closed, too_many: many }[outcome] || failed, outcome === 'taken' ? 'good' : 'bad');
  };
}

function question(form) {
  const key = `marathon-quiz-${form.dataset.question}`;
  const show = told => {
    const inputs = [...form.querySelectorAll('input')];
    inputs.forEach(one => { one.disabled = true; one.checked = +one.value === told.choice; });
    const right = inputs[told.answer]?.closest('li');
    right?.classList.add('right');
    if (told.outcome === 'wrong') inputs[told.choice]?.closest('li').classList.add('wrong');
    form.querySelector('.send')?.remove();
    const known = told.outcome === 'wrong' && right ? `${form.dataset.was}: ${right.textContent.trim()}.` : '';
    const words = [form.dataset[told.outcome], known, told[`explanation_${language}`]].filter(Boolean).join(' ');
    say(form, words, told.outcome === 'right' ? 'good' : 'bad');
    if (told.receipt) {
      const receipt = document.getElementById('receipt');
      receipt.hidden = false;
      receipt.querySelector('.code').textContent = told.receipt;
    }
  };
  try { const before = JSON.parse(remembered(key)); if (before) show(before); } catch { /* not ours: ask again */ }
  return async chosen => {
    const told = await send(form, { question: form.dataset.question, choice: +chosen });
    if (told.outcome === 'right' || told.outcome === 'wrong') {
      remember(key, JSON.stringify(told));
      show(told);
      if (told.receipt) document.getElementById('receipt').focus();
    } else say(form, told.outcome === 'too_many' ? form.dataset.many : form.dataset.failed, 'bad');
  };
}

for (const still of document.querySelectorAll('.still')) still.hidden = true;
for (const form of document.querySelectorAll('form.ask')) {
  const button = form.querySelector('button'), take = (form.dataset.ballot ? vote : question)(form);
  if (!button?.isConnected) continue;
  button.disabled = false;
  form.addEventListener('submit', async event => {
    event.preventDefault();
    button.disabled = true;
    try { await take(form.querySelector('input:checked').value); } catch { say(form, form.dataset.failed, 'bad'); }
    button.disabled = false;
  });
}
