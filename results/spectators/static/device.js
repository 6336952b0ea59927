// What this browser remembers for this board alone, and the number by which the board knows it.
function remembered(key) { try { return localStorage.getItem(key); } catch { return null; } }
function remember(key, text) { try { localStorage.setItem(key, text); } catch { /* private mode: nothing is kept */ } }
function device() { // a number for this board alone; nothing else is known of the device
  const kept = remembered('marathon-device');
  if (/^[0-9a-f]{32}$/.test(kept || '')) return kept;
  const drawn = [...crypto.getRandomValues(new Uint8Array(16))].map(one => one.toString(16).padStart(2, '0')).join('');
  remember('marathon-device', drawn);
  return drawn;
}
