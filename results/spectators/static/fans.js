// Spectators' scans move without the race: this page asks for itself again now and then, as board.js does for the others.
setInterval(() => { if (!document.hidden) refresh().catch(() => {}); }, 15000);
