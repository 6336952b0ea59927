// A bib was scanned: the firm's page shows its ticket once, with this device's number, and leads on to the runner.
const told = new URLSearchParams(location.search), ticket = told.get('scan'), bib = told.get('bib');
function device() { // a number for this board alone; nothing else is known of the device
  try {
    const kept = localStorage.getItem('marathon-device');
    if (/^[0-9a-f]{32}$/.test(kept || '')) return kept;
  } catch { /* private mode: another number each time */ }
  const drawn = [...crypto.getRandomValues(new Uint8Array(16))].map(one => one.toString(16).padStart(2, '0')).join('');
  try { localStorage.setItem('marathon-device', drawn); } catch { /* as above */ }
  return drawn;
}
function show() {
  history.replaceState(null, '', location.pathname + (/^[1-9][0-9]{0,6}$/.test(bib || '') ? `?bib=${bib}` : ''));
  const body = JSON.stringify({ ticket, device: device() });
  fetch('/v1/spectator', { method: 'POST', headers: { 'content-type': 'application/json' }, body, keepalive: true }).catch(() => {});
}
if (/^[1-9][0-9]{0,6}$/.test(bib || '')) {
  const line = document.querySelector('.scanned'), link = line.querySelector('a');
  link.href = link.dataset.home + `r/${bib}.html`;
  link.textContent = link.dataset.words.replace('{bib}', bib);
  line.hidden = false;
}
if (ticket) { // a page that a browser only prepares was not seen by anybody
  if (document.prerendering) document.addEventListener('prerenderingchange', show, { once: true });
  else show();
}
