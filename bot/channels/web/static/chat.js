/* The web chat: shows what is said, sends what is written, keeps what could not be sent and tries again. ES2015. */
(function () {
  'use strict';

  var WORDS = JSON.parse(document.getElementById('words').textContent);
  var MESSAGES = '/chat/messages';
  var KEPT = 'fangang.chat';
  var LONGEST_PAUSE = 15000;
  var POLL_EVERY = 5000;
  var STREAM_AGAIN = 30000;
  var ANSWER_WITHIN = 20000;

  var log = document.getElementById('log');
  var form = document.getElementById('form');
  var text = document.getElementById('text');
  var state = document.getElementById('state');

  var shown = {};        // outbox row → its element
  var last = 0;          // the row that came last
  var queue = [];        // what is still to be sent, in order
  var sending = false;
  var pause = 1000;
  var timer = null;
  var stream = null;
  var poller = null;
  var dots = null;
  var day = '';
  var kept = load();     // {mine: [{id, text, after, at}], pressed: {row: label}, unsent: [...]}

  // ── What this browser keeps until the tab is closed: the person's own words ────────────────────────────────────────

  function load() {
    try {
      var found = JSON.parse(sessionStorage.getItem(KEPT));
      if (found && found.mine && found.pressed && found.unsent) { return found; }
    } catch (error) { /* nothing kept, or keeping is forbidden here */ }
    return { mine: [], pressed: {}, unsent: [] };
  }

  function save() {
    kept.mine = kept.mine.slice(-100);
    kept.unsent = queue
      .filter(function (one) { return one.body.opened === undefined; })
      .map(function (one) { return { body: one.body, text: one.text }; });
    try { sessionStorage.setItem(KEPT, JSON.stringify(kept)); } catch (error) { /* full, or forbidden */ }
  }

  function uuid() {
    var bytes = new Uint8Array(16);
    crypto.getRandomValues(bytes);
    return Array.prototype.map.call(bytes, function (byte) { return ('0' + byte.toString(16)).slice(-2); }).join('');
  }

  // ── Showing ────────────────────────────────────────────────────────────────────────────────────────────────────────

  function make(tag, name, words) {
    var element = document.createElement(tag);
    if (name) { element.className = name; }
    if (words !== undefined) { element.textContent = words; }
    return element;
  }

  function atBottom() { return log.scrollHeight - log.scrollTop - log.clientHeight < 120; }

  function toBottom() { log.scrollTop = log.scrollHeight; }

  function add(element) {
    if (dots) { log.insertBefore(element, dots); } else { log.appendChild(element); }
  }

  function setState(name) {
    if (state.textContent === WORDS[name]) { return; }
    state.className = 'state ' + name;
    state.textContent = WORDS[name];
  }

  function wait(on) {
    if (on && !dots) {
      dots = make('div', 'turn');
      var bubble = make('div', 'bubble');
      var beat = make('span', 'dots');
      for (var n = 0; n < 3; n += 1) { beat.appendChild(make('i')); }
      bubble.appendChild(beat);
      dots.appendChild(bubble);
      dots.setAttribute('aria-hidden', 'true');
      log.appendChild(dots);
      toBottom();
    } else if (!on && dots) {
      log.removeChild(dots);
      dots = null;
    }
  }

  // Addresses, numbers that can be called, and the registration's number, which is never broken in two.
  var MARKS = new RegExp([
    '(https?://[^\\s，。；）)]+)',
    '(1[3-9]\\d ?\\d{4} ?\\d{4}(?!\\d)|0\\d{2,3}-?\\d{7,8}(?!\\d)|\\b(?:12333|12348|110|120)\\b)',
    '(\\b[A-Z]{2}-[0-9A-Z]{6}\\b)'
  ].join('|'), 'g');

  function marked(parent, words) {
    var from = 0;
    var match;
    MARKS.lastIndex = 0;
    while ((match = MARKS.exec(words))) {
      parent.appendChild(document.createTextNode(words.slice(from, match.index)));
      parent.appendChild(mark(match));
      from = MARKS.lastIndex;
    }
    parent.appendChild(document.createTextNode(words.slice(from)));
    return parent;
  }

  function mark(match) {
    if (match[3]) { return make('b', 'number', match[3]); }
    var link = make('a', match[2] ? 'number' : '', match[0]);
    link.href = match[1] || 'tel:' + match[2].replace(/[^\d]/g, '');
    if (match[1] && match[1].indexOf(location.origin) !== 0) { link.rel = 'noopener noreferrer'; link.target = '_blank'; }
    return link;
  }

  // A line of the review (1 日期：…) can be pressed, which says its number; other lines with a label stand in a table.
  var NUMBERED = /^(\d{1,2}) ([^：:]{1,24})[：:] ?(.+)$/;
  var LABELLED = /^()([^：:，。？！?!,.\s\d][^：:，。？！?!,.\d]{0,13})[：:] ?(.+)$/;

  function worded(bubble, words) {
    var lines = words.split('\n').map(function (line, place) {
      var labelled = NUMBERED.exec(line) || LABELLED.exec(line);
      return { text: line, match: place ? labelled : null };
    });
    var plain = [];
    var box = null;
    function flush() {
      if (plain.length) { marked(bubble.appendChild(make('div')), plain.join('\n')); }
      plain = [];
    }
    lines.forEach(function (line, place) {
      var beside = (lines[place - 1] || {}).match || (lines[place + 1] || {}).match;
      if (line.match && beside) {
        flush();
        if (!box) { box = bubble.appendChild(make('div', 'lines')); bubble.classList.add('wide'); }
        box.appendChild(row(line.match));
        return;
      }
      box = null;
      var head = place === 0 ? /^(【.+?】)(.*)$/.exec(line.text) : null;
      if (head) {
        var first = bubble.appendChild(make('div'));
        first.appendChild(make('span', 'head', head[1]));
        marked(first, head[2]);
      } else {
        plain.push(line.text);
      }
    });
    flush();
  }

  function row(match) {
    var line = make(match[1] ? 'button' : 'div', 'row');
    if (match[1]) {
      line.type = 'button';
      line.appendChild(make('span', 'n', match[1]));
      line.addEventListener('click', function () { say(match[1]); });
    }
    line.appendChild(make('span', 'k', match[2]));
    if (match[1]) {
      line.appendChild(make('span', 'v', match[3]));
    } else {
      marked(line.appendChild(make('span', 'v')), match[3]);
    }
    return line;
  }

  function dated(at) {
    var date = (at || '').slice(0, 10);
    if (!date || date === day) { return; }
    day = date;
    var parts = date.split('-');
    var english = document.documentElement.lang === 'en';
    add(make('div', 'day', english ? date : Number(parts[1]) + '月' + Number(parts[2]) + '日'));
  }

  // A message of the bot. The one before it is history then: its choices stay, but step back.
  function show(message, fresh) {
    if (shown[message.row]) { return false; }
    var follow = atBottom();
    stepBack();
    dated(message.at);
    var notice = /^【.+】/.test(message.text);
    var turn = make('div', 'turn' + (notice ? ' notice' : '') + (fresh ? ' fresh' : ''));
    var bubble = make('div', 'bubble');
    worded(bubble, message.text);
    if (message.at) { bubble.appendChild(make('div', 'time', message.at.slice(11).replace(/^0/, ''))); }
    turn.appendChild(bubble);
    if (message.buttons.length) { turn.appendChild(choices(message)); }
    shown[message.row] = turn;
    last = Math.max(last, message.row);
    add(turn);
    if (follow || fresh) { toBottom(); }
    return true;
  }

  function stepBack() {
    Array.prototype.forEach.call(log.querySelectorAll('.turn:not(.mine):not(.old)'), function (turn) {
      if (turn === dots) { return; }
      turn.classList.add('old');
      Array.prototype.forEach.call(turn.querySelectorAll('button.row'), function (row) { row.disabled = true; });
    });
  }

  function choices(message) {
    var box = make('div', 'choices' + (message.buttons.length > 4 ? ' many' : ''));
    box.setAttribute('role', 'group');
    message.buttons.forEach(function (pair, place) {
      // What answers a notice holds as long as the notice does; the choices of a question go with it.
      var standing = pair[1].indexOf('a.') === 0 ? ' standing' : '';
      var button = make('button', 'choice' + (place === 0 ? ' first' : '') + standing, pair[0]);
      button.type = 'button';
      button.addEventListener('click', function () { press(message.row, box, button, pair); });
      box.appendChild(button);
    });
    if (kept.pressed[message.row] !== undefined) { shut(box, kept.pressed[message.row]); }
    return box;
  }

  function shut(box, label) {
    Array.prototype.forEach.call(box.children, function (button) {
      button.disabled = true;
      if (button.textContent === label) {
        button.classList.add('pressed');
        button.setAttribute('aria-pressed', 'true');
      }
    });
  }

  function showMine(one) {
    var turn = make('div', 'turn mine');
    turn.appendChild(make('div', 'bubble', one.text));
    turn.appendChild(make('div', 'note'));
    add(turn);
    return turn;
  }

  function note(one, name) {
    if (!one.turn) { return; }
    one.turn.classList.toggle('waiting', name === 'sending');
    one.turn.classList.toggle('failed', !!name && name !== 'sending');
    one.turn.lastChild.textContent = name ? WORDS[name] : '';
  }

  // ── Sending: one after the other, each under a name of its own, so that nothing is taken twice ─────────────────────

  function say(words) { enqueue({ text: words }, words); }

  function press(row, box, button, pair) {
    kept.pressed[row] = pair[0];
    shut(box, pair[0]);
    enqueue({ button: pair[1] }, pair[0]);
    log.focus({ preventScroll: true });  // the pressed button can't keep it, and the keyboard shall stay down
  }

  function enqueue(body, words) {
    var one = { body: body, text: words, turn: null };
    one.body.id = uuid();
    if (words) {
      one.turn = showMine(one);
      kept.mine.push({ id: one.body.id, text: words, after: last });
    }
    queue.push(one);
    save();
    toBottom();
    next();
  }

  function next() {
    if (sending || !queue.length) { return; }
    clearTimeout(timer);
    sending = true;
    var one = queue[0];
    note(one, 'sending');
    wait(true);
    post(one.body).then(function (answer) { sent(one, answer); }, function () { again(one, 'unsent'); });
  }

  function post(body) {
    return new Promise(function (resolve, reject) {
      var request = new XMLHttpRequest();
      request.open('POST', MESSAGES);
      request.timeout = ANSWER_WITHIN;
      request.setRequestHeader('Content-Type', 'application/json');
      request.onload = function () { resolve(request); };
      request.onerror = request.ontimeout = reject;
      request.send(JSON.stringify(body));
    });
  }

  function sent(one, request) {
    if (request.status === 429) {
      pause = Number(request.getResponseHeader('Retry-After') || 5) * 1000;
      again(one, 'too_many');
      return;
    }
    if (request.status >= 500) { again(one, 'unsent'); return; }
    queue.shift();
    sending = false;
    pause = 1000;
    wait(false);
    if (request.status === 200) {
      note(one, '');
      JSON.parse(request.responseText).messages.forEach(function (message) { show(message, true); });
      listen();
    } else {
      note(one, request.status === 413 ? 'too_long' : 'refused');
    }
    save();
    next();
  }

  function again(one, why) {
    sending = false;
    wait(false);
    note(one, why);
    if (why === 'unsent') { setState('offline'); }
    clearTimeout(timer);
    timer = setTimeout(next, pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }

  // ── Hearing what is said meanwhile: a stream, and where there is none, asking ──────────────────────────────────────

  function listen() {
    if (stream && stream.readyState !== 2) { setState('connected'); return; }
    if (!window.EventSource) { poll(); return; }
    stream = new EventSource('/chat/events?after=' + last);
    stream.onopen = function () {
      clearInterval(poller);
      poller = null;
      setState('connected');
      if (queue.length && !sending) { pause = 1000; next(); }
    };
    stream.onmessage = function (event) { show(JSON.parse(event.data), true); };
    stream.onerror = function () {
      setState(navigator.onLine === false ? 'offline' : 'connecting');
      if (stream.readyState === 2) {
        poll();
        setTimeout(listen, STREAM_AGAIN);
      }
    };
  }

  function poll() {
    if (!poller) { poller = setInterval(fetchAll, POLL_EVERY); }
  }

  function fetchAll() {
    return get(MESSAGES).then(function (found) {
      setState('connected');
      found.messages.forEach(function (message) { show(message, true); });
    }, function () { setState('offline'); });
  }

  function get(address) {
    return new Promise(function (resolve, reject) {
      var request = new XMLHttpRequest();
      request.open('GET', address);
      request.timeout = ANSWER_WITHIN;
      request.onload = function () {
        if (request.status === 200) { resolve(JSON.parse(request.responseText)); } else { reject(); }
      };
      request.onerror = request.ontimeout = reject;
      request.send();
    });
  }

  window.addEventListener('online', function () { pause = 1000; next(); listen(); });
  window.addEventListener('offline', function () { setState('offline'); });
  document.addEventListener('visibilitychange', function () {
    if (!document.hidden) { next(); if (last) { fetchAll(); listen(); } }
  });

  // ── Writing ────────────────────────────────────────────────────────────────────────────────────────────────────────

  form.addEventListener('submit', function (event) {
    event.preventDefault();
    var words = text.value;
    text.focus();
    if (!words.trim()) { return; }
    text.value = '';
    grow();
    say(words);
  });

  text.addEventListener('keydown', function (event) {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
      event.preventDefault();
      form.dispatchEvent(new Event('submit', { cancelable: true }));
    }
  });

  function grow() {
    text.style.height = '50px';
    if (text.scrollHeight > 50) { text.style.height = Math.min(text.scrollHeight + 4, 132) + 'px'; }
    text.style.overflow = text.scrollHeight > 132 ? 'auto' : 'hidden';
  }
  text.addEventListener('input', grow);

  // Where the keyboard covers the page instead of shrinking it, the page is made as high as what is left.
  if (window.visualViewport) {
    window.visualViewport.addEventListener('resize', function () {
      var follow = atBottom();
      document.documentElement.style.setProperty('--height', window.visualViewport.height + 'px');
      window.scrollTo(0, 0);
      if (follow) { toBottom(); }
    });
  }

  // ── Opening ────────────────────────────────────────────────────────────────────────────────────────────────────────

  function open(found) {
    var code = (/[?&]code=([A-Za-z0-9_-]{1,64})/.exec(location.search) || [])[1] || '';
    var chosen = (/[?&]lang=(en|zh-CN)/.exec(location.search) || [])[1];
    history.replaceState(null, '', '/chat');
    if (!found.messages.length) { kept = { mine: [], pressed: {}, unsent: kept.unsent }; }
    tell(found.messages);
    kept.unsent.forEach(function (one) {
      one.turn = one.text ? showMine(one) : null;
      queue.push(one);
    });
    toBottom();
    if (found.known) { listen(); }
    if (code || !found.messages.length) {
      enqueue({ opened: code }, '');
    } else if (chosen) {
      say(chosen === 'en' ? 'English' : '中文');  // the bot changes its language too
    } else {
      next();
    }
  }

  // What was said and what was answered, in their order: own words stand behind the message that they followed.
  function tell(messages) {
    var unsent = {};
    kept.unsent.forEach(function (one) { unsent[one.body.id] = true; });
    var mine = kept.mine.filter(function (one) { return !unsent[one.id]; });
    mine.filter(function (one) { return !one.after; }).forEach(showMine);
    messages.forEach(function (message) {
      show(message, false);
      mine.filter(function (one) { return one.after === message.row; }).forEach(showMine);
    });
  }

  function begin() {
    get(MESSAGES).then(open, function () {
      setState('offline');
      setTimeout(begin, 3000);
    });
  }

  begin();
}());
