// After device.js. A bib was scanned: the firm's page shows its ticket once, with this device's number, and leads on to the runner.
const told = new URLSearchParams(location.search), ticket = told.get('scan'), bib = told.get('bib');
function show() {
  history.replaceState(null, '', location.pathname + (/^[1-9][0-9]{0,6}$/.test(bib || '') ? `?bib=${bib}` : ''));
  const body = JSON.stringify({ ticket, device: device() });
  fetch('/v1/spectator', { method: 'POST', headers: { 'content-type': 'application/json' }, body, keepalive: true }).catch(() => {});
}
function leadOn() {
  const way = document.querySelector('.scanned'), link = way.querySelector('a'), runner = `${link.dataset.home}r/${bib}.html`;
  if (!document.querySelector(`main a[href="${runner}"]`)) return; // none of the firm's own, or without a page
  link.href = runner;
  link.textContent = link.dataset.words.replace('{bib}', bib);
  way.hidden = false;
}
if (/^[1-9][0-9]{0,6}$/.test(bib || '')) leadOn();
if (ticket) { // a page that a browser only prepares was not seen by anybody
  if (document.prerendering) document.addEventListener('prerenderingchange', show, { once: true });
  else show();
}
