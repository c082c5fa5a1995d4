// Runs before the first paint, so that a dark page never flashes white. A file of its own: inline scripts are not allowed.
(function () {
  var choice = 'auto'
  try { choice = localStorage.getItem('cell.theme') || 'auto' } catch (e) { /* storage may be blocked */ }
  var dark = choice === 'dark' || (choice === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.classList.toggle('dark', dark)
})()
