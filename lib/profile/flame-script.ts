/** What a flame graph does in a browser: zooms, searches, tells of the frame under the pointer. */

/** Plain JavaScript without modules, for it is in the SVG itself; it must not have the text of CDATA's end. */
export const flameScript = `
(function () {
  var svg = document.documentElement, margin = 10, letter = 7;
  var frames = Array.prototype.slice.call(document.querySelectorAll('.f'));
  var byId = function (id) { return document.getElementById(id); };
  var full = svg.viewBox.baseVal.width - 2 * margin;
  var all = frames.map(function (g) {
    return { g: g, rect: g.querySelector('rect'), text: g.querySelector('text'), name: g.dataset.n,
      start: +g.dataset.s, value: +g.dataset.v, depth: +g.dataset.d, fill: g.querySelector('rect').getAttribute('fill') };
  });
  var root = all[0], pattern = null;

  function place(frame, x, width) {
    frame.rect.setAttribute('x', x);
    frame.rect.setAttribute('width', Math.max(width, 0));
    frame.text.setAttribute('x', x + 3);
    var letters = Math.floor((width - 6) / letter), name = frame.name;
    frame.text.textContent = letters < 3 ? '' : name.length <= letters ? name : name.slice(0, letters - 2) + '..';
  }

  function zoom(target) {
    var scale = full / (target.value || 1), end = target.start + target.value;
    all.forEach(function (frame) {
      var frameEnd = frame.start + frame.value;
      var below = frame.depth < target.depth && frame.start <= target.start && frameEnd >= end;
      var inside = frame.depth >= target.depth && frame.start >= target.start && frameEnd <= end;
      frame.g.setAttribute('display', below || inside ? 'inline' : 'none');
      frame.g.classList.toggle('dim', below);
      if (below) place(frame, margin, full);
      else if (inside) place(frame, margin + (frame.start - target.start) * scale, frame.value * scale);
    });
    byId('reset').setAttribute('visibility', target === root ? 'hidden' : 'visible');
    mark();
  }

  function mark() {
    var ranges = [];
    all.forEach(function (frame) {
      var hit = pattern !== null && pattern.test(frame.name);
      frame.rect.setAttribute('fill', hit ? 'rgb(230,0,230)' : frame.fill);
      if (hit) ranges.push([frame.start, frame.start + frame.value]);
    });
    var matched = byId('matched');
    matched.setAttribute('x', margin + full);
    matched.textContent = pattern === null ? ' ' : 'Matched: ' + (100 * covered(ranges) / (root.value || 1)).toFixed(2) + ' %';
  }

  // Of frames that are on top of each other, only one counts.
  function covered(ranges) {
    ranges.sort(function (a, b) { return a[0] - b[0]; });
    var sum = 0, end = -1;
    ranges.forEach(function (range) {
      sum += Math.max(0, range[1] - Math.max(end, range[0]));
      end = Math.max(end, range[1]);
    });
    return sum;
  }

  function search() {
    var text = window.prompt('Search (a regular expression; empty: none)', pattern ? pattern.source : '');
    if (text === null) return;
    try { pattern = text === '' ? null : new RegExp(text); } catch (error) { window.alert(error.message); return; }
    byId('search').textContent = pattern ? 'Search: ' + text : 'Search';
    mark();
  }

  all.forEach(function (frame) {
    frame.g.addEventListener('click', function () { zoom(frame); });
    frame.g.addEventListener('mouseover', function () { byId('details').textContent = frame.g.querySelector('title').textContent; });
  });
  byId('reset').addEventListener('click', function () { zoom(root); });
  byId('search').addEventListener('click', search);
  window.addEventListener('keydown', function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key === 'f') { event.preventDefault(); search(); }
  });
})();
`;
